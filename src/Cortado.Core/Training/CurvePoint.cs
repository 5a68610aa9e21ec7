namespace Cortado.Training;

/// <summary>A stretch of a curve, for drawing: what its values were between two iterations.</summary>
/// <param name="Iteration">The first iteration of the stretch.</param>
/// <param name="Least">The least value; NaN where one was not finite.</param>
/// <param name="Most">The largest value; NaN where one was not finite.</param>
/// <param name="Mean">The mean; NaN where a value was not finite.</param>
public readonly record struct CurvePoint(int Iteration, float Least, float Most, float Mean);

/// <summary>One output of one test.</summary>
/// <param name="Iteration">Updates done before the test.</param>
/// <param name="Net">The test network's number.</param>
/// <param name="Output">The output's name, such as <c>accuracy</c>.</param>
/// <param name="Value">Its mean over the test.</param>
public readonly record struct TestPoint(int Iteration, int Net, string Output, float Value);

/// <summary>A change of the learning rate.</summary>
/// <param name="Iteration">The first iteration with the rate.</param>
/// <param name="Rate">The learning rate.</param>
public readonly record struct RatePoint(int Iteration, float Rate);
