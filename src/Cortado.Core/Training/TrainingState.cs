namespace Cortado.Training;

/// <summary>Where a training session stands.</summary>
public enum TrainingState
{
    /// <summary>Not started.</summary>
    Created,

    /// <summary>Reading files and building networks; on a device, compiling kernels.</summary>
    Preparing,

    /// <summary>Training.</summary>
    Running,

    /// <summary>Waiting to go on.</summary>
    Paused,

    /// <summary>Ended at <c>max_iter</c>.</summary>
    Finished,

    /// <summary>Ended because somebody asked for it.</summary>
    Stopped,

    /// <summary>Ended by a monitor; <see cref="TrainingSession.StopReason"/> says why.</summary>
    Diverged,

    /// <summary>Ended by an error; <see cref="TrainingSession.Error"/> has it.</summary>
    Failed,
}
