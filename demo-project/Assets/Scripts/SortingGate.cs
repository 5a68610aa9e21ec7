using System;
using Cortado.Unity;
using UnityEngine;

namespace Cortado.Demo
{
    /// <summary>
    /// Asks the network what each picture shows, and turns its paddle by the answer: balls to the left, boxes to the right. Without a network, or where
    /// the answer came too late, it tosses a coin.
    /// </summary>
    public sealed class SortingGate : MonoBehaviour
    {
        private const int Ball = 0;

        [SerializeField] private Belt _belt;

        [Tooltip("Its rate is On Demand: it classifies what this script hands it.")]
        [SerializeField] private ImageClassifier _classifier;

        [SerializeField] private Transform _paddle;

        [Tooltip("Degrees that the paddle turns to either side.")]
        [SerializeField, Range(10, 80)] private float _angle = 63;

        private readonly System.Random _coin = new System.Random(7);
        private float _turn;

        /// <summary>An item was sent to a side; whether the gate asked the network, or tossed a coin.</summary>
        public event Action<Item, bool> Sorted;

        /// <summary>The network that it asks; null for none.</summary>
        public NetworkAsset Network { get => _classifier.Network; set => _classifier.Network = value; }

        /// <summary>What the network said of the last picture.</summary>
        public Classification LastAnswer { get; private set; }

        private void OnEnable()
        {
            _belt.Seen += Ask;
            _belt.AtGate += Send;
        }

        private void OnDisable()
        {
            _belt.Seen -= Ask;
            _belt.AtGate -= Send;
        }

        private void Update() => _paddle.localRotation = Quaternion.Lerp(_paddle.localRotation, Quaternion.Euler(0, _turn, 0), 12 * Time.deltaTime);

        // The game goes on while the network computes: what stands behind await runs some frames later, on the main thread.
        private async void Ask(Item item)
        {
            // Asked earlier, it would look when it is loaded: at a picture of some later item.
            if (Network == null || !_classifier.IsReady) return;
            int ride = item.Ride;
            try
            {
                Classification answer = await _classifier.ClassifyAsync(_belt.Picture);
                if (item == null || item.Ride != ride) return;
                item.Answer = answer.Index;
                LastAnswer = answer;
            }
            catch (OperationCanceledException)
            {
                // The network was changed, or the game ends: the coin decides.
            }
            catch (Exception error)
            {
                Debug.LogError(error.Message, this);
            }
        }

        private void Send(Item item)
        {
            bool asked = item.Answer >= 0;
            bool left = (asked ? item.Answer : _coin.Next(2)) == Ball;
            item.Side = left ? -1 : 1;
            _turn = left ? -_angle : _angle;
            Sorted?.Invoke(item, asked);
        }
    }
}
