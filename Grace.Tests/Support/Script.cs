using System.Diagnostics;

namespace Grace.Tests.Support;

/// <summary>A program of a few lines of shell.</summary>
static class Script
{
    public static void Write(string path, string text)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        Process.Start("chmod", ["755", path]).WaitForExit();
    }
}
