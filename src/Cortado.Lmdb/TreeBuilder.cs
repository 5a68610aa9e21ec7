namespace Cortado.Lmdb;

/// <summary>Builds a tree bottom-up from records in key order. Only one page per level is in memory.</summary>
internal sealed class TreeBuilder
{
    private readonly PageFile _file;
    private readonly LeafPacker _leaves;
    private readonly List<BranchPacker> _branches = new();
    private LmdbTree _tree;

    public TreeBuilder(PageFile file, LmdbTree empty)
    {
        _file = file;
        _tree = empty;
        _leaves = new LeafPacker(file, AddLeaf);
    }

    public long Count => _tree.Entries;

    public void Add(in LeafNode node)
    {
        _leaves.Add(node);
        _tree.Entries++;
        if (node.IsBig) _tree.OverflowPages += LmdbFormat.OverflowPages(node.Length, _file.PageSize);
    }

    public LmdbTree Finish()
    {
        if (_tree.Entries == 0) return _tree;
        _leaves.Finish();
        for (int level = 0; ; level++)
        {
            BranchPacker packer = _branches[level];
            if (!packer.HasFinished && packer.Waiting.Count == 1)
            {
                _tree.Root = packer.Waiting[0].Page;
                _tree.Depth = (ushort)(level + 1);
                return _tree;
            }

            packer.Finish();
        }
    }

    /// <summary>Puts as many branch levels above finished pages as it takes to have one root.</summary>
    /// <param name="file">The file.</param>
    /// <param name="children">The pages, all of one level.</param>
    /// <param name="tree">The tree, whose depth is that of the pages. Gets the root, the depth and the new branch pages.</param>
    public static void AddRoot(PageFile file, List<ChildPage> children, ref LmdbTree tree)
    {
        while (children.Count > 1)
        {
            var parents = new List<ChildPage>();
            var packer = new BranchPacker(file, parents.Add);
            foreach (ChildPage child in children) packer.Add(child);
            packer.Finish();
            tree.BranchPages += parents.Count;
            tree.Depth++;
            children = parents;
        }

        tree.Root = children[0].Page;
    }

    private void AddLeaf(ChildPage leaf)
    {
        _tree.LeafPages++;
        AddBranch(0, leaf);
    }

    private void AddBranch(int level, ChildPage child)
    {
        if (level == _branches.Count)
        {
            int above = level + 1;
            _branches.Add(new BranchPacker(_file, page =>
            {
                _tree.BranchPages++;
                AddBranch(above, page);
            }));
        }

        _branches[level].Add(child);
    }
}
