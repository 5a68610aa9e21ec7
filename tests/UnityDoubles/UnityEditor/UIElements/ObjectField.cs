using System;
using System.Linq;
using UnityEngine.UIElements;
using Object = UnityEngine.Object;

namespace UnityEditor.UIElements
{
    public class ObjectField : BaseField<Object>
    {
        public ObjectField()
            : this(null)
        {
        }

        public ObjectField(string label)
            : base(label)
        {
        }

        public Type objectType { get; set; } = typeof(Object);

        public bool allowSceneObjects { get; set; } = true;
    }
}
