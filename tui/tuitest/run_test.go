package tuitest_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/vastsim"
)

// commands counts the commands that were sent through the API.
func (d *deck) commands() int { return d.sent("PUT", "/api/v0/instances/command/") }

// stopped is an instance of the world that is stopped.
func (d *deck) stopped() vastsim.InstanceState {
	d.t.Helper()
	for _, i := range d.world.Instances() {
		if i.Intended == "stopped" {
			return i
		}
	}
	d.t.Fatal("no instance is stopped")
	return vastsim.InstanceState{}
}

func TestAStoppedInstanceListsItsFiles(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.pick(d.stopped())
		d.Press("e")
		d.Has("through the API: it is stopped", "0 of 512")
		d.Type("ls -l /workspace")
		d.Press("enter")
		d.UntilHas(time.Minute, "train.py")
		if d.commands() != 1 {
			t.Errorf("%d commands were sent", d.commands())
		}
		d.Press("e", "up")
		d.Has("$ ls -l /workspace")
		d.Press("esc", "esc")
		d.Lacks("train.py")
		d.Has("Instances")
	})
}

func TestEnterAloneRemovesNothing(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		i := d.stopped()
		d.pick(i)
		d.Press("e")
		d.Type("rm -r /workspace/out")
		d.Press("enter")
		d.Wait(time.Second)
		d.Has("Delete files", "cannot be undone", "to agree")
		d.Press("enter", "enter")
		d.Wait(5 * time.Second)
		if d.commands() != 0 {
			t.Fatal("it was sent")
		}
		id := itoa(i.ID)
		d.Type(id[len(id)-4:])
		d.Wait(time.Second)
		d.Press("enter")
		d.Until(time.Minute, func(string) bool { return d.commands() == 1 })
		d.Wait(20 * time.Second)
		d.Press("e")
		d.Type("ls /workspace")
		d.Press("enter")
		d.UntilHas(time.Minute, "train.py")
		for _, line := range strings.Split(d.Text(), "\n") {
			if strings.HasSuffix(strings.TrimSpace(line), " out") {
				t.Errorf("it is still there:\n%s", d.Text())
			}
		}
	})
}

func TestACommandOfMoreThan512CharactersIsNotSent(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.pick(d.stopped())
		d.Press("e")
		d.Paste("ls /" + strings.Repeat("x", 600))
		d.Has("604 of 512: too long")
		d.Press("enter", "enter")
		d.Wait(time.Minute)
		d.nothingSent()
	})
}

func TestACommandOnSeveralIsAskedAboutFirst(t *testing.T) {
	t.Parallel()
	play(t, 120, 40, func(d *deck) {
		d.loaded()
		all := d.world.Instances()
		d.Press("2", "*", "e")
		d.Type("ls /workspace")
		d.Press("enter")
		d.Has("Run on 5 hosts", `"ls /workspace"`)
		for _, i := range all {
			name, _, _ := strings.Cut(i.Label, " vx-")
			d.Has(name)
		}
		d.Press("enter", "enter")
		d.Wait(10 * time.Second)
		d.nothingSent()
		d.Press("space", "enter")
		d.Until(2*time.Minute, func(string) bool { return d.commands() == len(all) })
		d.UntilHas(time.Minute, "5 ran")
	})
}

func TestALoneEnterOrAnEmptyLineRunsNothing(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.Press("2", "*", "e", "enter", "enter", "up", "enter", "esc", "enter", "e", "enter")
		d.Wait(time.Minute)
		d.nothingSent()
	})
}

// hands is an ssh whose commands answer with what they were and where.
type hands struct {
	command.Remote
	mu   sync.Mutex
	ran  []string
	tail chan string
}

func (h *hands) Target(i vastapi.Instance) remote.Target {
	return remote.Target{Instance: i.ID, Direct: remote.Endpoint{Way: remote.Direct, Host: "198.51.100.7", Port: 2200}, Running: true}
}
func (h *hands) Know([]remote.Target)                                         {}
func (h *hands) Windowed() bool                                               { return false }
func (h *hands) Tunnels() []remote.Tunnel                                     { return nil }
func (h *hands) Sessions(context.Context) ([]remote.Session, error)           { return nil, nil }
func (h *hands) LocalKeys(context.Context) ([]remote.LocalKey, error)         { return nil, nil }
func (h *hands) ForgetHostKeys(context.Context, []vastapi.InstanceID) error   { return nil }
func (h *hands) KeepConfig(context.Context, []remote.Target) (bool, error)    { return true, nil }
func (h *hands) WriteConfig(context.Context, []remote.Target) (string, error) { return "", nil }
func (h *hands) AwaitTunnels(ctx context.Context) ([]remote.Tunnel, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func (h *hands) Exec(ctx context.Context, t remote.Target, line string, o remote.ExecOptions) (remote.Outcome, error) {
	h.mu.Lock()
	h.ran = append(h.ran, line)
	h.mu.Unlock()
	o.Output(remote.Stdout, fmt.Appendf(nil, "%s on %v\n\x1b]0;pwned\a\n", line, t.Instance))
	if strings.HasPrefix(line, "sleep") {
		<-ctx.Done()
		return remote.Outcome{}, ctx.Err()
	}
	return remote.Outcome{Code: 3}, nil
}

func (h *hands) Follow(ctx context.Context, _ remote.Target, file string, o remote.ExecOptions) (remote.Outcome, error) {
	o.Output(remote.Stdout, []byte("the end of "+file+"\n"))
	for {
		select {
		case text := <-h.tail:
			o.Output(remote.Stdout, []byte(text))
		case <-ctx.Done():
			return remote.Outcome{}, ctx.Err()
		}
	}
}

func (h *hands) commands() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.ran)
}

// playSSH is play with an ssh that reaches every running instance.
func playSSH(t *testing.T, w, height int, do func(*deck, *hands)) {
	t.Helper()
	h := &hands{}
	playWith(t, w, height, func(deps *tui.Deps) {
		h.tail = make(chan string, 10)
		deps.Command.Remote = h
	}, func(d *deck) { do(d, h) })
}

func TestACommandRunsOverSSHWithItsExitCode(t *testing.T) {
	t.Parallel()
	playSSH(t, 120, 36, func(d *deck, h *hands) {
		d.loaded()
		i := d.named("running")
		d.pick(i)
		d.Press("e")
		d.Has("over ssh: any command")
		d.Type("nvidia-smi -L")
		d.Press("enter")
		d.UntilHas(10*time.Second, "exit 3")
		d.Has("nvidia-smi -L on "+itoa(i.ID), "␛]0;pwned")
		if strings.Contains(d.Title(), "pwned") {
			t.Errorf("the title became %q", d.Title())
		}
		d.nothingSent()
		d.Press("e")
		d.Type("sleep 1000")
		d.Press("enter")
		d.UntilHas(10*time.Second, "sleep 1000 on")
		d.Press("x")
		d.UntilHas(10*time.Second, "cancelled")
	})
}

func TestABroadcastShowsEveryHostApart(t *testing.T) {
	t.Parallel()
	playSSH(t, 140, 40, func(d *deck, h *hands) {
		d.loaded()
		d.Press("2", "*", "e")
		d.Type("hostname")
		d.Press("enter")
		d.Has("Run on 4 hosts", "left out", "only ls, rm, du run there")
		d.Press("enter")
		d.Wait(5 * time.Second)
		if h.commands() != 0 {
			t.Fatal("it ran without a yes")
		}
		d.Press("space", "enter")
		d.UntilHas(10*time.Second, "4 exit 3")
		for _, i := range d.world.Instances() {
			if i.Intended == "running" {
				d.Has("hostname on " + itoa(i.ID))
			}
		}
		for !strings.Contains(d.Line("▸"), "exit 3") {
			d.Press(".")
		}
		if n := strings.Count(d.Text(), "hostname on "); n != 1 {
			t.Errorf("the output of %d hosts is shown for one\n%s", n, d.Text())
		}
		d.nothingSent()
	})
}

func TestAFileIsFollowedOverSSH(t *testing.T) {
	t.Parallel()
	playSSH(t, 120, 36, func(d *deck, h *hands) {
		d.loaded()
		d.pick(d.named("running"))
		d.Press("l")
		d.UntilHas(30*time.Second, "loss")
		d.Press("o")
		d.Has("Follow a file over ssh", "/var/log/onstart.log")
		d.Press("ctrl+u")
		d.Type("/workspace/train.log")
		d.Press("enter")
		d.UntilHas(10*time.Second, "the end of /workspace/train.log")
		d.Has("live over ssh")
		d.Lacks("loss")
		h.tail <- "one line more\n"
		d.UntilHas(time.Second, "one line more")
		before := len(d.askedForLogs())
		d.Wait(2 * time.Minute)
		if n := len(d.askedForLogs()); n != before {
			t.Error("the API is asked as well")
		}
		d.Press("o")
		d.UntilHas(30*time.Second, "loss")
	})
}
