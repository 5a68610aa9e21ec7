using System;
using System.Collections.Generic;
using System.IO;
using Cortado.Backends.Cpu;
using Cortado.Formats;
using Cortado.Inference;
using Cortado.Lmdb;
using UnityEditor;
using UnityEditor.AssetImporters;
using UnityEngine;

namespace Cortado.Unity.Editor
{
    /// <summary>Reads .prototxt files: networks are built once, so that a wrong layer is found when it is saved and not when it is trained.</summary>
    [ScriptedImporter(1, "prototxt")]
    internal sealed class PrototxtImporter : ScriptedImporter
    {
        public override void OnImportAsset(AssetImportContext ctx)
        {
            PrototxtAsset asset = ScriptableObject.CreateInstance<PrototxtAsset>();
            ctx.AddObjectToAsset("prototxt", asset);
            ctx.SetMainObject(asset);
            PrototxtKind kind = PrototxtKind.Unknown;
            try
            {
                string text = File.ReadAllText(FileUtil.GetPhysicalPath(ctx.assetPath));
                kind = Prototxt.KindOf(text);
                if (kind == PrototxtKind.Solver) asset.Fill(kind, null, Prototxt.Print(SolverFile.Parse(text, ctx.assetPath).Message));
                else asset.Fill(kind, FactsOf(NetFile.Parse(text, ctx.assetPath)), null);
            }
            catch (Exception error) when (error is CortadoException || error is IOException || error is UnauthorizedAccessException)
            {
                asset.Fail(kind, error.Message, LineOf(error, ctx.assetPath));
                ctx.LogImportError(error.Message, asset);
            }
        }

        private static NetworkFacts FactsOf(PrototxtDocument<NetParameter> document)
        {
            TrainingImages images = TrainingImageSize.Of(document.Message, new LmdbProvider(), new PathResolver(FileUtil.GetPhysicalPath(document.FileName)));
            if (DeployNetwork.IsNeeded(document.Message))
            {
                try
                {
                    DeployNetwork.Derive(document.Message, images);
                }
                catch (CortadoException unknown)
                {
                    // A training network whose pictures are not at hand: nothing is wrong with it, and nothing is known of its shapes.
                    return new NetworkFacts(new List<string>(document.Warnings) { unknown.Message });
                }
            }
            using (var backend = new CpuBackend(1)) return new NetworkFacts(NetworkSummary.Of(document, backend, images));
        }

        // Every message that has a place begins with it: file:line:column.
        private static int LineOf(Exception error, string file)
        {
            if (error is PrototxtException wrong) return wrong.Line;
            int at = error.Message.IndexOf(file + ":", StringComparison.Ordinal);
            if (at < 0) return 0;
            string rest = error.Message.Substring(at + file.Length + 1);
            int end = rest.IndexOf(':');
            return end > 0 && int.TryParse(rest.Substring(0, end), out int line) ? line : 0;
        }
    }
}
