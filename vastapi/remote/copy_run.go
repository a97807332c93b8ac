package remote

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"vastdeck/vastapi/safetext"
)

// How often the progress of a copy is told, and how often it is asked for where the tool
// does not tell it itself.
const (
	tellEvery = 500 * time.Millisecond
	lookEvery = time.Second
	askEvery  = 2 * time.Second
)

// run lets the tool copy and tells how far it is.
func (t *transfer) run(ctx context.Context) (CopyProgress, error) {
	over := make(chan struct{})
	var telling sync.WaitGroup
	telling.Go(func() { t.tell(ctx, over) })
	said := Capture{Max: maxOutput}
	code, err := t.c.o.Runner.Run(ctx, t.cmd, Streams{Out: lockedWriter{t}, Err: &said})
	close(over)
	telling.Wait()
	if t.tool == ToolSCP && code == 0 && err == nil {
		t.seen = reading{bytes: t.o.Total.Bytes, files: t.o.Total.Files}
	}
	p := t.progress(time.Now())
	p.Left, p.Current, p.Note = 0, "", t.note()
	t.give(p)
	if err != nil {
		return p, stopped(ctx, err, t.state())
	}
	if f := t.explain(code, string(said.Bytes())); f != nil {
		return p, f
	}
	if f := t.links.missing(); f != nil && t.tool == ToolRsync {
		return p, f
	}
	return p, nil
}

// note says in what a copy is not what lies at the other end.
func (t *transfer) note() string {
	if t.tool == ToolRsync {
		return t.links.followed()
	}
	return followedWords(t.o.Total.Outside, t.o.Total.OutsideName)
}

// state says how things lie when a copy was stopped.
func (t *transfer) state() string {
	if t.tool == ToolRsync {
		return "The files that are there are whole; one that was under way waits in " + partialFolder + ". The same copy, started again, goes on from there."
	}
	return "The file that was under way is there under its own name, but is not whole. The same copy, started again, begins anew."
}

// lockedWriter reads what rsync prints while others look.
type lockedWriter struct{ *transfer }

func (w lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said.Write(p)
}

// tell gives the progress until the copy is over.
func (t *transfer) tell(ctx context.Context, over <-chan struct{}) {
	// A look over there must not outlive the copy.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	looks := t.look(ctx)
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	for {
		select {
		case <-over:
			cancel()
			if looks != nil {
				for range looks {
				}
			}
			return
		case seen, more := <-looks:
			if !more {
				looks = nil
				continue
			}
			t.mu.Lock()
			t.seen = seen
			t.mu.Unlock()
		case now := <-tick.C:
			t.give(t.progress(now))
		}
	}
}

func (t *transfer) give(p CopyProgress) {
	if t.o.Progress != nil {
		t.o.Progress(p)
	}
}

// progress is how far the copy is.
func (t *transfer) progress(now time.Time) CopyProgress {
	t.mu.Lock()
	defer t.mu.Unlock()
	is := t.said.reading
	if t.tool == ToolSCP {
		is = t.seen
	}
	p := CopyProgress{Tool: t.tool, Done: is.bytes, Files: is.files, Current: is.current}
	if !t.o.Total.Partly {
		p.Total = t.o.Total.Bytes
	}
	p.Rate = t.pace.add(now, is.bytes)
	p.Left = left(p.Done, p.Total, p.Rate)
	return p
}

// look starts to look at what has arrived, where the tool does not say it: scp is silent
// without a terminal. What it returns is closed when ctx ends; it is nil for rsync.
func (t *transfer) look(ctx context.Context) <-chan reading {
	if t.tool != ToolSCP {
		return nil
	}
	looks := make(chan reading)
	every, look := lookEvery, t.lookLocal
	if t.job.Up {
		every, look = askEvery, t.lookRemote
	}
	go func() {
		defer close(looks)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			seen, ok := look(ctx)
			if !ok {
				continue
			}
			select {
			case looks <- seen:
			case <-ctx.Done():
				return
			}
		}
	}()
	return looks
}

// lookLocal counts what has arrived here since the copy began; the file that was written
// last is the one that is on its way.
func (t *transfer) lookLocal(ctx context.Context) (reading, bool) {
	var seen reading
	var newest time.Time
	since := t.began.Add(-2 * time.Second) // file systems round
	err := filepath.WalkDir(t.job.Lands(), func(p string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil || !d.Type().IsRegular() {
			return nil
		}
		info, err := d.Info()
		if err != nil || info.ModTime().Before(since) {
			return nil
		}
		seen.files++
		seen.bytes += info.Size()
		if info.ModTime().After(newest) {
			newest, seen.current = info.ModTime(), safetext.Clean(filepath.Base(p), safetext.MaxRunes)
		}
		return nil
	})
	seen.files = max(seen.files-1, 0) // the newest one is not done yet
	return seen, err == nil
}

// lookRemote counts what has arrived there since the copy began. An instance whose find
// cannot tell is asked in vain: how far the copy is stays unknown then.
func (t *transfer) lookRemote(ctx context.Context) (reading, bool) {
	if t.clock == "" {
		return reading{}, false
	}
	script := fmt.Sprintf(`find %s -type f -newermt @%s -printf '%%s %%T@ %%f\n' 2>/dev/null | awk '{s+=$1; n++; if($2>t){t=$2; sub(/^[^ ]* [^ ]* /,""); f=$0}} END{printf "%%.0f %%d %%s\n", s, n, f}'`,
		shellQuote(t.job.Lands()), t.clock)
	r, err := t.c.ask(ctx, t.job, t.e, script, lookLimit)
	fields := strings.SplitN(strings.TrimSpace(r.Out), " ", 3)
	if err != nil || r.Code != 0 || len(fields) < 2 {
		return reading{}, false
	}
	bytes, badBytes := strconv.ParseInt(fields[0], 10, 64)
	files, badFiles := strconv.Atoi(fields[1])
	if badBytes != nil || badFiles != nil || files == 0 {
		return reading{}, false
	}
	seen := reading{bytes: bytes, files: files - 1}
	if len(fields) == 3 {
		seen.current = safetext.Clean(fields[2], safetext.MaxRunes)
	}
	return seen, true
}

// trouble is what a tool says when it fails, and what that means.
type trouble struct {
	words          []string
	sentence, next string
}

var troubles = []trouble{
	{[]string{"no space left"}, "The disk is full.", "Make room, or rent with more disk."},
	{[]string{"subsystem request failed"}, "The image has neither rsync nor sftp.", "Install rsync there: apt install rsync."},
	{[]string{"unknown option -- s", "illegal option -- s"}, "The scp of this machine is too old.", "OpenSSH 8.7 or newer is needed, or rsync at both ends."},
	{[]string{"permission denied"}, "A file may not be read or written.", "Check its owner and its rights, and copy again."},
	{[]string{"symlink has no referent"}, "A link leads nowhere, and is left out; all else is copied.", "Remove the link, or mend it."},
	{[]string{"no such file"}, "A file is not there, or it is a link that leads nowhere; all else is copied.", "Look at it, remove or mend the link, and copy again."},
	{[]string{"too many levels of symbolic links"}, "A link leads to itself, and is left out.", "Remove the link, and copy again."},
}

// explain says in words why a tool failed, nil when it did not.
func (t *transfer) explain(code int, said string) *Failure {
	if code == 0 {
		return nil
	}
	// Both tools hand on what ssh says; scp ends with 255 or 1 then, rsync with 255 or 12.
	if f := Explain(SSHFailed, said); f.Kind != FailUnknown && (code == SSHFailed || code == 12) && f.Kind != FailNoMaster {
		if f.Kind == FailLost {
			f.Next += " " + t.state()
		}
		return f
	}
	for _, sign := range troubles {
		if line := lineWith(said, sign.words); line != "" {
			sentence := sign.sentence
			if name := quoted(line); name != "" {
				sentence = name + ": " + sentence
			}
			return &Failure{Kind: FailUnknown, Sentence: sentence, Next: sign.next, Detail: line}
		}
	}
	return &Failure{
		Kind: FailUnknown, Sentence: fmt.Sprintf("%s ended with %d.", t.tool, code),
		Next: t.state(), Detail: firstLine(said),
	}
}

// quoted is the path that a tool has put into quotation marks, or that stands before a
// colon, "" when there is none.
func quoted(line string) string {
	if _, rest, found := strings.Cut(line, `"`); found {
		name, _, whole := strings.Cut(rest, `"`)
		if whole {
			return name
		}
	}
	for word := range strings.SplitSeq(line, ": ") {
		if strings.HasPrefix(word, "/") || strings.HasPrefix(word, "./") {
			return word
		}
	}
	return ""
}

func firstLine(text string) string {
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			return inertLine(line)
		}
	}
	return ""
}
