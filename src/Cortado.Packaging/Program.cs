using Cortado.Packaging;

try
{
    return Command.Run(args, Console.Out);
}
catch (PackagingException problem)
{
    Console.Error.WriteLine($"error: {problem.Message}");
    return 1;
}
