/** `Chrome · Windows` from what a browser calls itself; null when it says nothing that is known. */
export function deviceOf(agent: string): string | null {
  const browser = /MicroMessenger/.test(agent)
    ? "WeChat"
    : /Edg\//.test(agent)
      ? "Edge"
      : /Firefox\//.test(agent)
        ? "Firefox"
        : /Chrome\//.test(agent)
          ? "Chrome"
          : /Safari\//.test(agent)
            ? "Safari"
            : null;
  const system = /iPhone|iPad/.test(agent)
    ? "iOS"
    : /Android/.test(agent)
      ? "Android"
      : /HarmonyOS|OpenHarmony/.test(agent)
        ? "HarmonyOS"
        : /Windows/.test(agent)
          ? "Windows"
          : /Mac OS/.test(agent)
            ? "macOS"
            : /Linux/.test(agent)
              ? "Linux"
              : null;
  return [browser, system].filter(Boolean).join(" · ") || null;
}
