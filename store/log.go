package store

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// maxLog is the size at which the log is rotated, in bytes. One older file is kept, as
// vastdeck.log.1.
const maxLog = 5 << 20

// OpenLog opens the log at path for appending and returns a logger that writes JSON lines of at
// least the given level, and the function that closes it. Every value passes through the
// redactor, which may learn keys later, and is printable ASCII. Several processes may log to one
// file. It is 0600 and rotated at 5 MB.
func OpenLog(path string, level slog.Leveler, r *Redactor) (*slog.Logger, func() error, error) {
	file, err := openRotating(path, maxLog)
	if err != nil {
		return nil, nil, fmt.Errorf("open the log: %w", err)
	}
	return slog.New(newLogHandler(file, level, r)), file.Close, nil
}

// newLogHandler returns the handler of the log. Values are redacted before they are escaped,
// because escaping may break a form that the redactor knows, and the whole line after it, because
// a value may be encoded in ways that show the key only then.
func newLogHandler(w io.Writer, level slog.Leveler, r *Redactor) slog.Handler {
	options := &slog.HandlerOptions{
		Level:       level,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr { return cleanAttr(a, r) },
	}
	return slog.NewJSONHandler(&cleanWriter{to: w, redactor: r}, options)
}

func cleanAttr(a slog.Attr, r *Redactor) slog.Attr {
	a.Key = printable(r.Redact(a.Key))
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(printable(r.Redact(a.Value.String())))
	case slog.KindAny:
		// Anything else becomes text here: the JSON encoder would write what it finds in it.
		a.Value = slog.StringValue(printable(r.Redact(textOf(a.Value.Any()))))
	}
	return a
}

// textOf prints a value, bytes as the text they are.
func textOf(v any) string {
	switch v := v.(type) {
	case []byte:
		return string(v)
	case json.RawMessage:
		return string(v)
	}
	return fmt.Sprint(v)
}

// cleanWriter redacts whole lines and makes what is left of other characters printable: names of
// groups do not pass through cleanAttr. The handler writes one line at a time.
type cleanWriter struct {
	to       io.Writer
	redactor *Redactor
}

func (w *cleanWriter) Write(line []byte) (int, error) {
	text := w.redactor.redactJSON(string(line))
	clean := make([]byte, 0, len(text))
	for _, r := range text {
		switch {
		case r == '\n' || r >= ' ' && r <= '~':
			clean = append(clean, byte(r))
		case r > 0xffff:
			clean = append(clean, '?') // would need a pair of escapes; only a group's name can hold it
		default:
			clean = fmt.Appendf(clean, `\u%04x`, r) // inside a JSON string, where alone it can stand
		}
	}
	if _, err := w.to.Write(clean); err != nil {
		return 0, err
	}
	return len(line), nil
}
