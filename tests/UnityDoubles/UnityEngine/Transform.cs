using System.Collections;
using System.Collections.Generic;

namespace UnityEngine
{
    public class Transform : Component, IEnumerable
    {
        private readonly List<Transform> _children = new List<Transform>();
        private Transform _parent;

        protected internal Transform()
        {
        }

        public Vector3 localPosition { get; set; }

        public Quaternion localRotation { get; set; } = Quaternion.identity;

        public Vector3 localScale { get; set; } = Vector3.one;

        public Vector3 localEulerAngles { get => localRotation.eulerAngles; set => localRotation = Quaternion.Euler(value); }

        public Vector3 position
        {
            get => _parent is null ? localPosition : _parent.TransformPoint(localPosition);
            set => localPosition = _parent is null ? value : _parent.InverseTransformPoint(value);
        }

        public Quaternion rotation
        {
            get => _parent is null ? localRotation : _parent.rotation * localRotation;
            set => localRotation = _parent is null ? value : Quaternion.Inverse(_parent.rotation) * value;
        }

        public Vector3 eulerAngles { get => rotation.eulerAngles; set => rotation = Quaternion.Euler(value); }

        public Vector3 lossyScale => _parent is null ? localScale : Vector3.Scale(_parent.lossyScale, localScale);

        public Vector3 forward { get => rotation * Vector3.forward; set => rotation = Quaternion.LookRotation(value); }

        public Vector3 up => rotation * Vector3.up;

        public Vector3 right => rotation * Vector3.right;

        public Matrix4x4 localToWorldMatrix
        {
            get
            {
                Matrix4x4 local = Matrix4x4.TRS(localPosition, localRotation, localScale);
                return _parent is null ? local : _parent.localToWorldMatrix * local;
            }
        }

        public Transform parent { get => _parent; set => SetParent(value, true); }

        public Transform root => _parent is null ? this : _parent.root;

        public int childCount => _children.Count;

        internal IReadOnlyList<Transform> Children => _children;

        public Transform GetChild(int index) => index >= 0 && index < _children.Count ? _children[index] : throw new UnityException("Transform child out of bounds");

        public void SetParent(Transform p) => SetParent(p, true);

        public void SetParent(Transform parent, bool worldPositionStays)
        {
            Vector3 at = position;
            Quaternion turned = rotation;
            bool wasActive = gameObject.activeInHierarchy;
            _parent?._children.Remove(this);
            _parent = parent == null ? null : parent;
            _parent?._children.Add(this);
            if (worldPositionStays)
            {
                position = at;
                rotation = turned;
            }
            if (gameObject.activeInHierarchy != wasActive) World.ActivationChanged(gameObject);
        }

        public void SetPositionAndRotation(Vector3 position, Quaternion rotation)
        {
            this.position = position;
            this.rotation = rotation;
        }

        public void Translate(Vector3 translation) => Translate(translation, Space.Self);

        public void Translate(Vector3 translation, Space relativeTo) => position += relativeTo == Space.World ? translation : rotation * translation;

        public void Rotate(Vector3 eulers) => Rotate(eulers, Space.Self);

        public void Rotate(Vector3 eulers, Space relativeTo)
        {
            Quaternion turn = Quaternion.Euler(eulers);
            if (relativeTo == Space.Self) localRotation *= turn;
            else rotation = turn * rotation;
        }

        public void Rotate(float xAngle, float yAngle, float zAngle) => Rotate(new Vector3(xAngle, yAngle, zAngle));

        public void Rotate(float xAngle, float yAngle, float zAngle, Space relativeTo) => Rotate(new Vector3(xAngle, yAngle, zAngle), relativeTo);

        public void LookAt(Vector3 worldPosition) => rotation = Quaternion.LookRotation(worldPosition - position);

        public Vector3 TransformPoint(Vector3 position) => localToWorldMatrix.MultiplyPoint3x4(position);

        public Vector3 TransformDirection(Vector3 direction) => rotation * direction;

        public Vector3 InverseTransformPoint(Vector3 position)
        {
            Vector3 inParent = _parent is null ? position : _parent.InverseTransformPoint(position);
            Vector3 turned = Quaternion.Inverse(localRotation) * (inParent - localPosition);
            return new Vector3(turned.x / localScale.x, turned.y / localScale.y, turned.z / localScale.z);
        }

        public Vector3 InverseTransformDirection(Vector3 direction) => Quaternion.Inverse(rotation) * direction;

        public Transform Find(string n)
        {
            foreach (Transform child in _children)
                if (child.name == n) return child;
            return null;
        }

        internal void Detach() => _parent?._children.Remove(this);

        public IEnumerator GetEnumerator() => _children.GetEnumerator();
    }
}
