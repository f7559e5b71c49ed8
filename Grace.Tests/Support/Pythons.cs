using System.Diagnostics;

namespace Grace.Tests.Support;

/// <summary>Folders for Grace:Tools:Path in which python3 has FastAPI, or surely has not.</summary>
static class Pythons
{
    const string Wanted = "import fastapi, uvicorn, httpx, pytest";

    /// <summary>The system's interpreter, or that of the folder GRACE_PYTHON_BIN.</summary>
    public static string WithFastApi(string folder)
    {
        var given = Environment.GetEnvironmentVariable("GRACE_PYTHON_BIN");
        var bin = string.IsNullOrEmpty(given) ? Directory.CreateDirectory(Path.Combine(folder, "python-tools")).FullName : given;
        if (bin != given && File.Exists("/usr/bin/python3"))
            File.CreateSymbolicLink(Path.Combine(bin, "python3"), "/usr/bin/python3");
        Works(Path.Combine(bin, "python3")).ShouldBeTrue(
            "The tests of FastAPI services need fastapi, uvicorn, httpx and pytest: on Debian apt install python3-fastapi python3-uvicorn python3-httpx python3-pytest; "
            + "elsewhere name the bin folder of an environment that has them in GRACE_PYTHON_BIN.");
        return bin;
    }

    /// <summary>The interpreter of this machine without any package.</summary>
    public static string Bare(string folder)
    {
        var bin = Directory.CreateDirectory(Path.Combine(folder, "bare-tools")).FullName;
        Script.Write(Path.Combine(bin, "python3"), "PATH=${PATH#*:}\nexec python3 -S \"$@\"");
        return bin;
    }

    static bool Works(string python)
    {
        if (!File.Exists(python))
            return false;
        using var process = Process.Start(new ProcessStartInfo(python, ["-c", Wanted]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
