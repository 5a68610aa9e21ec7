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

        public bool isActiveAndEnabled => m_Enabled && !IsDestroyed && gameObject.activeInHierarchy;
    }
}
