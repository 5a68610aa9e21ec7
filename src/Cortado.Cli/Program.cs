using Cortado.Cli;

return CommandLine.Run(args, Terminal.OfProcess());
