using Engine.Host.Commands;

return await EngineCommand.RunAsync(args);
