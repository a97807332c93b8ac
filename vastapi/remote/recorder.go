package remote

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// Reply is what a Recorder lets a process do.
type Reply struct {
	Code int
	Out  string
	Err  string
	Fail error         // it could not be started
	Wait time.Duration // before it speaks and ends
	Hang bool          // never ends by itself
	// Do is called before it speaks, for what the process would have done to files.
	Do func(Command)
	// Choose, when it is not nil, makes the reply that is played in place of this one.
	Choose func(Command) Reply
}

// Recorder is a Runner that starts nothing: it writes down what it was asked to start
// and answers as it was told. It has no goroutines and takes its waits from the time
// package, so it lives in bubbles of testing/synctest. The zero Recorder answers
// everything with 0 and silence.
type Recorder struct {
	mu      sync.Mutex
	calls   []Command
	scripts []script
	// Answer is asked first when it is not nil; false leaves it to the scripts.
	Answer func(Command) (Reply, bool)
}

type script struct {
	words   string
	replies []Reply
}

// On lets every process whose arguments, joined by blanks, contain words answer with
// the replies one after the other, the last one again and again. What was added later
// counts before what was added earlier.
func (r *Recorder) On(words string, replies ...Reply) *Recorder {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(replies) == 0 {
		replies = []Reply{{}}
	}
	r.scripts = append(r.scripts, script{words, replies})
	return r
}

// Calls are the commands that were asked for so far.
func (r *Recorder) Calls() []Command {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.calls)
}

// Lines are the calls, each as program and arguments joined by blanks.
func (r *Recorder) Lines() []string {
	var lines []string
	for _, c := range r.Calls() {
		lines = append(lines, line(c))
	}
	return lines
}

func line(c Command) string { return strings.Join(append([]string{c.Path}, c.Args...), " ") }

// Run writes cmd down and plays the reply to it.
func (r *Recorder) Run(ctx context.Context, cmd Command, s Streams) (int, error) {
	if ctx.Err() != nil {
		return -1, context.Cause(ctx)
	}
	reply := r.reply(cmd)
	if reply.Choose != nil {
		reply = reply.Choose(cmd)
	}
	if reply.Fail != nil {
		return -1, reply.Fail
	}
	if err := reply.wait(ctx); err != nil {
		return -1, err
	}
	if reply.Do != nil {
		reply.Do(cmd)
	}
	if err := say(s.Out, reply.Out); err != nil {
		return -1, fmt.Errorf("running %s: %w", cmd.Path, err)
	}
	if err := say(s.Err, reply.Err); err != nil {
		return -1, fmt.Errorf("running %s: %w", cmd.Path, err)
	}
	return reply.Code, nil
}

func say(w io.Writer, text string) error {
	if w == nil || text == "" {
		return nil
	}
	_, err := io.WriteString(w, text)
	return err
}

func (p Reply) wait(ctx context.Context) error {
	if p.Hang {
		<-ctx.Done()
		return context.Cause(ctx)
	}
	if p.Wait <= 0 {
		return nil
	}
	t := time.NewTimer(p.Wait)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (r *Recorder) reply(cmd Command) Reply {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, cmd)
	if r.Answer != nil {
		if reply, ok := r.Answer(cmd); ok {
			return reply
		}
	}
	all := strings.Join(cmd.Args, " ")
	for i := len(r.scripts) - 1; i >= 0; i-- {
		s := &r.scripts[i]
		if !strings.Contains(all, s.words) {
			continue
		}
		reply := s.replies[0]
		if len(s.replies) > 1 {
			s.replies = s.replies[1:]
		}
		return reply
	}
	return Reply{}
}

// actingPID is what an acted connection says that its process is.
const actingPID = 4242

// ActAsSSH lets the Recorder answer as ssh does when all goes well: a shared connection
// is up from the call that opens it to the one that ends it, which a file in place of
// its socket stands for; forwards are accepted, and -V tells a version. What is scripted
// with On later goes before it.
func (r *Recorder) ActAsSSH() *Recorder {
	gone := Reply{Code: SSHFailed, Err: "Control socket connect: No such file or directory\r\n"}
	r.On("-V", Reply{Err: "OpenSSH_9.9p1, OpenSSL 3.4.0\n"})
	r.On("-M -N -f", Reply{Do: func(c Command) {
		_ = os.WriteFile(actedSocket(c), nil, 0o600)
		now := time.Now() // that of a bubble, in one
		_ = os.Chtimes(actedSocket(c), now, now)
	}})
	for verb, said := range map[string]string{
		"check": fmt.Sprintf("Master running (pid=%d)\r\n", actingPID), "exit": "Exit request sent.\r\n", "forward": "", "cancel": "",
	} {
		r.On("-O "+verb, Reply{Choose: func(c Command) Reply {
			if _, err := os.Lstat(actedSocket(c)); err != nil {
				return gone
			}
			if verb == "exit" {
				_ = os.Remove(actedSocket(c))
			}
			return Reply{Err: said}
		}})
	}
	return r
}

// actedSocket is the control socket that a call of ssh names.
func actedSocket(c Command) string {
	for _, arg := range c.Args {
		if path, ok := strings.CutPrefix(arg, "ControlPath="); ok {
			return strings.ReplaceAll(strings.Trim(path, `"`), "%%", "%")
		}
	}
	return ""
}
