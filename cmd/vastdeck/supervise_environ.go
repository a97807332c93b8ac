package main

import (
	"os"
	"strings"
)

// tracingVariables make Bubble Tea write what it draws and reads, pasted keys
// included, into files.
var tracingVariables = []string{"TEA_TRACE", "TEA_DEBUG"}

// dropTracing takes those variables out of this process's environment.
func dropTracing() {
	for _, name := range tracingVariables {
		os.Unsetenv(name)
	}
}

// childEnvironment is environ for the process that draws: without the key, which
// travels over a pipe, without tracing, and with the mark of a child.
func childEnvironment(environ []string) []string {
	kept := make([]string, 0, len(environ)+1)
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		switch name {
		case keyVariable, childMark, tracingVariables[0], tracingVariables[1]:
		case "GODEBUG":
			kept = append(kept, name+"="+withoutHTTPDebug(value))
		default:
			kept = append(kept, entry)
		}
	}
	return append(kept, childMark+"=1")
}

// withoutHTTPDebug is a GODEBUG value without the settings that make net/http
// print every header, Authorization included.
func withoutHTTPDebug(value string) string {
	var kept []string
	for setting := range strings.SplitSeq(value, ",") {
		if !strings.HasPrefix(setting, "http2debug=") {
			kept = append(kept, setting)
		}
	}
	return strings.Join(kept, ",")
}
