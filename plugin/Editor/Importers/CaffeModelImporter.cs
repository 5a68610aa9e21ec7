using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Cortado.Backends.Cpu;
using Cortado.Inference;
using UnityEditor;
using UnityEditor.AssetImporters;
using UnityEngine;

namespace Cortado.Unity.Editor
{
    /// <summary>Makes a <see cref="NetworkAsset"/> of a .caffemodel and the network beside it (<see cref="NetworkFiles"/>), and tries whether it can classify.</summary>
    [ScriptedImporter(1, "caffemodel")]
    internal sealed class CaffeModelImporter : ScriptedImporter
    {
        public override void OnImportAsset(AssetImportContext ctx)
        {
            try
            {
                Import(ctx);
            }
            catch (Exception error) when (error is CortadoException || error is IOException || error is UnauthorizedAccessException)
            {
                FailedNetwork failed = ScriptableObject.CreateInstance<FailedNetwork>();
                failed.Problem = error.Message;
                ctx.AddObjectToAsset("failed", failed);
                ctx.SetMainObject(failed);
                ctx.LogImportError($"{ctx.assetPath}: {error.Message}", failed);
            }
        }

        private static void Import(AssetImportContext ctx)
        {
            string network = FirstOf(NetworkFiles.Networks(ctx.assetPath), ctx);
            string labels = FirstOf(NetworkFiles.Labels(ctx.assetPath), ctx);
            if (network == null)
                throw new CortadoException($"There is no network for these weights. Put its deploy prototxt beside them as {Path.GetFileName(NetworkFiles.Networks(ctx.assetPath).First())} or deploy.prototxt; 'Make asset' in the training window does so.");
            foreach (string mean in NetworkFiles.Means(network)) ctx.DependsOnSourceAsset(mean);
            string weights = FileUtil.GetPhysicalPath(ctx.assetPath);
            NetworkParts parts = NetworkParts.Read(FileUtil.GetPhysicalPath(network), weights, labels == null ? null : FileUtil.GetPhysicalPath(labels));
            // An asset is the same on every machine: neither where the project lies nor when a file was copied belongs into it.
            parts.SourcePath = ctx.assetPath;
            parts.TrainedOn = "";
            NetworkAsset asset = ScriptableObject.CreateInstance<NetworkAsset>();
            asset.name = Path.GetFileNameWithoutExtension(ctx.assetPath);
            asset.Fill(parts);
#if UNITY_2023_2_OR_NEWER
            var bytes = new TextAsset(new ReadOnlySpan<byte>(File.ReadAllBytes(weights))) { name = "Weights", hideFlags = HideFlags.HideInHierarchy };
            asset.SetWeights(bytes);
            Try(asset);
            ctx.AddObjectToAsset("weights", bytes);
#else
            asset.SetWeights(File.ReadAllBytes(weights));
            Try(asset);
#endif
            ctx.AddObjectToAsset("network", asset);
            ctx.SetMainObject(asset);
            foreach (string note in parts.Notes) ctx.LogImportWarning($"{ctx.assetPath}: {note}", asset);
        }

        // That shapes fit and every weight is finite is found out now and not in a game.
        private static void Try(NetworkAsset asset)
        {
            using (var backend = new CpuBackend(1))
            using (Classifier.Load(asset.Describe(), backend))
            {
            }
        }

        // The first that there is. The asset depends on those before it too, which are not there: when one comes, it is taken.
        private static string FirstOf(IEnumerable<string> files, AssetImportContext ctx)
        {
            foreach (string file in files)
            {
                ctx.DependsOnSourceAsset(file);
                if (File.Exists(FileUtil.GetPhysicalPath(file))) return file;
            }
            return null;
        }
    }
}
