using UnityDoubles;

namespace UnityEngine.SceneManagement
{
    public class SceneManager
    {
        public static int sceneCount => 1;

        public static Scene GetActiveScene() => PlayerLoop.Current.ActiveScene;
    }
}
