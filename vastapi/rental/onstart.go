package rental

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"strings"
)

// MaxOnStart is how long a start script may be, in bytes: the strictest of the
// limits that are documented (4048; others say 4096 for script and arguments
// together, and 16 KB).
const MaxOnStart = 4048

// MaxScript is how long a script may be that WrapOnStart looks at, in bytes.
const MaxScript = 1 << 20

// WrapOnStart returns a start script of at most MaxOnStart bytes that does what
// script does: it unpacks script, gzip and base64, into a file of its own and
// runs that with bash, or with what its first line names. It fails when the
// packed script is too long as well.
func WrapOnStart(script string) (string, error) {
	if len(script) > MaxScript {
		return "", fmt.Errorf("the script has %d bytes: put it on the web or into the image, and fetch it from a short one", len(script))
	}
	var packed bytes.Buffer
	zip, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return "", fmt.Errorf("packing the script: %w", err)
	}
	if _, err := zip.Write([]byte(script)); err != nil {
		return "", fmt.Errorf("packing the script: %w", err)
	}
	if err := zip.Close(); err != nil {
		return "", fmt.Errorf("packing the script: %w", err)
	}
	run := `bash "$f"`
	if strings.HasPrefix(script, "#!") {
		run = `chmod +x "$f" && "$f"`
	}
	wrapped := "f=$(mktemp)\necho " + base64.StdEncoding.EncodeToString(packed.Bytes()) +
		` | base64 -d | gzip -d > "$f" && ` + run + "\n"
	if len(wrapped) > MaxOnStart {
		return "", fmt.Errorf("the script has %d bytes even when packed, at most %d are taken: put it on the web or into the image, and fetch it from a short one", len(wrapped), MaxOnStart)
	}
	return wrapped, nil
}

// checkScript says what is wrong with a start script.
func checkScript(script string) string {
	switch {
	case strings.ContainsRune(script, 0):
		return "the script has a NUL byte: save it as text"
	case len(script) > MaxOnStart:
		return fmt.Sprintf("at most %d bytes, this has %d: have it packed, or fetch it from a short script", MaxOnStart, len(script))
	}
	return ""
}
