namespace UnityEngine
{
    public class Behaviour : Component
    {
        private bool m_Enabled = true;

        public bool enabled
        {
            get => m_Enabled;
            set
            {
                ThrowIfDestroyed();
                if (m_Enabled == value) return;
                m_Enabled = value;
                World.ActivationChanged(this);
            }
        }

        /// <summary>Whether it takes part in the game: not before a script's own OnEnable, whatever its settings say.</summary>
        public bool isActiveAndEnabled => IsMeantToRun && World.HasBegun(this);

        internal bool IsMeantToRun => m_Enabled && !IsDestroyed && Owner.activeInHierarchy;
    }
}
