namespace Grace.Engine;

public static class GraceEngine;
