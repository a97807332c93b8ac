package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"vastdeck/store"
	"vastdeck/vastapi/safetext"
)

// What is kept of the child's stderr: its beginning and its end, in bytes. A panic
// names itself first and a fatal error last.
const (
	stderrHead = 64 << 10
	stderrTail = 192 << 10
)

// The limits of one line from the child on the terminal, in runes: of any line, and of
// the one that names a crash inside a sentence.
const (
	stderrLineMax = 1000
	crashLineMax  = 160
)

// stderrLinger is how long the supervisor waits for the rest of the child's stderr
// after its end.
const stderrLinger = 200 * time.Millisecond

// stderrKeeper collects what the child writes to stderr.
type stderrKeeper struct {
	pipe *os.File
	done chan struct{}

	mu         sync.Mutex
	head, tail []byte
}

// keepStderr starts to collect what arrives in pipe.
func keepStderr(pipe *os.File) *stderrKeeper {
	k := &stderrKeeper{pipe: pipe, done: make(chan struct{})}
	go func() {
		defer close(k.done)
		_, _ = io.Copy(k, pipe)
	}()
	return k
}

// Write keeps the first and the last part of everything written.
func (k *stderrKeeper) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := min(len(p), stderrHead-len(k.head))
	k.head = append(k.head, p[:n]...)
	k.tail = append(k.tail, p[n:]...)
	if len(k.tail) > 2*stderrTail {
		k.tail = slices.Clone(k.tail[len(k.tail)-stderrTail:])
	}
	return len(p), nil
}

// text is what was collected. It waits a moment for the end, not for ever: a process
// that the child left behind may hold the pipe open. What is in the pipe by then is
// taken, because the moment may be over before anybody came to read.
func (k *stderrKeeper) text() []byte {
	_ = k.pipe.SetReadDeadline(time.Now().Add(stderrLinger))
	<-k.done
	takeRest(k.pipe, k)
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Concat(k.head, k.tail)
}

// ending is an end of the child that was not meant.
type ending struct {
	Version  string
	Cause    string          // in a few words
	Restored bool            // the terminal is as it was before
	Written  []byte          // to stderr by the child
	Redactor *store.Redactor // knows the key
}

// tell writes the crash report into folder, if there is anything to report, and one
// sentence to w.
func (e ending) tell(folder string, w io.Writer) {
	sentence := fmt.Sprintf("%s ended unexpectedly (%s)", programName, e.Cause)
	if e.Restored {
		sentence += "; the terminal was restored"
	}
	if folder != "" && len(e.Written) > 0 {
		path, err := store.WriteCrash(folder, store.Crash{
			Version: e.Version,
			What:    errors.New(e.Cause),
			Stack:   withoutKeys(e.Written),
		}, e.Redactor)
		if path != "" {
			sentence += "; crash report in " + path
		} else if err != nil {
			sentence += "; " + err.Error()
		}
	}
	fmt.Fprintln(w, sentence)
}

// crashLine finds the line that names a panic or a fatal error.
func crashLine(lines []string) string {
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "panic: "), strings.HasPrefix(line, "fatal error: "), strings.HasPrefix(line, "SIG"):
			return safetext.Clean(line, crashLineMax)
		case line == "Caught panic:" && i+2 < len(lines): // Bubble Tea's words
			return safetext.Clean("panic: "+lines[i+2], crashLineMax)
		}
	}
	return ""
}

// keyShape is what an API key looks like. The supervisor does not know a key that
// came from the keyring, so everything of this shape is taken out of crash reports.
var keyShape = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)[0-9a-f]{32,}`) })

func withoutKeys(written []byte) []byte {
	return keyShape().ReplaceAll(written, []byte("[redacted]"))
}

// inertLines makes what the child wrote fit for a terminal: one harmless text a line,
// without keys.
func inertLines(written []byte, redactor *store.Redactor) []string {
	if len(written) == 0 {
		return nil
	}
	text := strings.ReplaceAll(string(withoutKeys(written)), "\r\n", "\n")
	lines := strings.Split(strings.TrimSuffix(redactor.Redact(text), "\n"), "\n")
	for i, line := range lines {
		lines[i] = safetext.Clean(line, stderrLineMax)
	}
	return lines
}

// redactorOf takes key out of texts, when it is one.
func redactorOf(key string) *store.Redactor {
	var redactor store.Redactor
	if parsed, err := store.ParseKey(key); err == nil {
		redactor.Add(parsed)
	}
	return &redactor
}
