using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Engine.EndToEnd.Tests;

/// <summary>Keeps what the engine logs, message by message.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>Every message so far.</summary>
    public IReadOnlyCollection<string> All => _lines;

    /// <summary>Completes once a message holds some words.</summary>
    public Task UntilAsync(string words) => Eventually.TrueAsync(() => _lines.Any(line => line.Contains(words, StringComparison.Ordinal)), $"no log line says '{words}'");

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        // Nothing is held.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue(formatter(state, exception) + (exception is null ? "" : "\n" + exception));
        }
    }
}
