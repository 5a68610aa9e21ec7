// PoCL 3.1 ends the whole process by a failed assertion (pocl_release_dlhandle_cache) when two backends run the same kernel for the first time
// at the same moment. Each test keeps all processors busy by itself.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
