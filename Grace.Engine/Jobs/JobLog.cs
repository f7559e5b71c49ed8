using System.Collections.Concurrent;
using Hangfire.AspNetCore;
using Hangfire.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grace.Engine.Jobs;

/// <summary>
/// What Hangfire has to say goes where the engine's own words go. It has one log for the process, so the engine that starts
/// last has it. Left to find one by itself it looks anew for every job, and compiles expressions each time: measured, a tenth
/// of all that a pipeline costs.
/// </summary>
sealed class JobLog(ILoggerFactory logs) : ILogProvider
{
    readonly ConcurrentDictionary<string, ILog> made = new();

    public ILog GetLogger(string name) => made.GetOrAdd(name, Make);

    ILog Make(string name)
    {
        try
        {
            return new AspNetCoreLogProvider(logs).GetLogger(name);
        }
        catch (ObjectDisposedException)
        {
            // That engine has ended, and another of this process still works.
            return new AspNetCoreLogProvider(NullLoggerFactory.Instance).GetLogger(name);
        }
    }
}
