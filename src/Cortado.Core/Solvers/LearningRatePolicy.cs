using System.Globalization;
using Cortado.Formats;

namespace Cortado.Solvers;

/// <summary>
/// The learning rate as a function of the iteration (<c>lr_policy</c>), in the precision in which Caffe computes it: whole-number
/// powers in double, everything else in float.
/// </summary>
public sealed class LearningRatePolicy
{
    private readonly SolverParameter _solver;
    private readonly int[] _stepValues;

    /// <summary>Creates the policy of a solver.</summary>
    /// <exception cref="CortadoException">There is no such policy, or a setting that it needs is missing or wrong.</exception>
    public LearningRatePolicy(SolverParameter solver)
    {
        _solver = solver;
        _stepValues = solver.Stepvalue.ToArray();
        Name = solver.LrPolicy;
        switch (Name)
        {
            case "fixed":
                break;
            case "step":
                NeedStepSize();
                NeedGamma();
                break;
            case "exp":
            case "inv":
            case "multistep":
                NeedGamma();
                break;
            case "sigmoid":
                NeedGamma();
                NeedStepSize();
                break;
            case "poly":
                if (solver.MaxIter <= 0)
                    throw new CortadoException($"lr_policy 'poly' reaches 0 at max_iter, but max_iter is {solver.MaxIter}; expected more than 0.");
                break;
            default:
                throw new CortadoException($"The solver's lr_policy is '{Name}'; expected fixed, step, exp, inv, multistep, sigmoid or poly.");
        }
    }

    /// <summary>The policy's name.</summary>
    public string Name { get; }

    /// <summary>
    /// The rate of an iteration. For <c>multistep</c> it depends on how many steps were taken before, and takes at most one more,
    /// as in Caffe; ask for each iteration once, in order.
    /// </summary>
    /// <param name="iteration">Iterations done before, from 0.</param>
    /// <param name="currentStep">Steps taken so far (<c>current_step</c> of a .solverstate); updated.</param>
    public float At(int iteration, ref int currentStep)
    {
        float rate = _solver.BaseLr, gamma = _solver.Gamma;
        switch (Name)
        {
            case "step":
                currentStep = iteration / _solver.Stepsize;
                return (float)(rate * Math.Pow(gamma, currentStep));
            case "multistep":
                if (currentStep < _stepValues.Length && iteration >= _stepValues[currentStep]) currentStep++;
                return (float)(rate * Math.Pow(gamma, currentStep));
            case "exp":
                return (float)(rate * Math.Pow(gamma, iteration));
            case "inv":
                return rate * (float)Math.Pow(1 + gamma * iteration, -_solver.Power);
            case "poly":
                return rate * (float)Math.Pow(1 - (float)iteration / _solver.MaxIter, _solver.Power);
            case "sigmoid":
                return rate * (1 / (1 + (float)Math.Exp(-gamma * ((float)iteration - _solver.Stepsize))));
            default:
                return rate;
        }
    }

    private void NeedGamma()
    {
        if (!(_solver.Gamma >= 0))
            throw new CortadoException($"lr_policy '{Name}' needs gamma, which is {_solver.Gamma.ToString(CultureInfo.InvariantCulture)}; expected at least 0.");
    }

    private void NeedStepSize()
    {
        if (_solver.Stepsize <= 0)
            throw new CortadoException($"lr_policy '{Name}' needs stepsize, which is {_solver.Stepsize}; expected more than 0.");
    }
}
