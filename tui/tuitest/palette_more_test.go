package tuitest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/tui/tuitest"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/vastsim"
)

func TestTheHistoryOfThePaletteOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	kept := &cupboard{}
	with := func(deps *tui.Deps) { deps.Command.Memory = kept }
	secret := strings.Repeat("0123456789abcdef", 4)
	playWith(t, 140, 40, with, func(d *deck) {
		d.loaded()
		d.say("query num_gpus>=4")
		d.say("machine 987654321")
		d.say("rent n=1 name=" + secret)
		d.Wait(20 * time.Second)
		d.Press("esc", "esc")
		d.say("query num_gpus>=4")
		d.say("nothing is called so")
		d.Press("esc")
		d.Wait(3 * time.Second)
	})
	if got := strings.Join(kept.kept.Lines, " | "); got != "query num_gpus>=4 | machine 987654321" {
		t.Fatalf("remembered is %q", got)
	}
	playWith(t, 140, 40, with, func(d *deck) {
		d.loaded()
		d.Press(":", "up")
		d.Has(": query num_gpus>=4")
		d.Press("up")
		d.Has(": machine 987654321")
		d.Press("up", "down")
		d.Has(": query num_gpus>=4")
		d.Press("enter")
		d.UntilHas(30*time.Second, "/num_gpus>=4")
		d.nothingSent()
	})
}

func TestAProfileThatIsHalfTypedIsCompletedAndSwitchedTo(t *testing.T) {
	t.Parallel()
	playProfiles(t, func(d *deck, n *neighbour) {
		d.loaded()
		d.Press(":")
		d.Type("ctx wo")
		d.Press("enter") // what is not there yet is not switched to
		d.Wait(time.Second)
		if opened, _ := n.counts("home"); opened > 1 {
			t.Errorf("%d profiles were opened by half a name", opened)
		}
		if strings.Contains(d.Text(), "Go to, or do") {
			d.Press("tab", "enter")
		}
		d.UntilHas(10*time.Second, "in profile work")
		d.UntilHas(20*time.Second, "credit $5.00")
		d.say("ctx work")
		d.Has("work is in use already")
		d.Press(":", "up", "up")
		d.Lacks("RUNNING")
		d.Press("esc")
		// The instances of the account that was left are not found from this one.
		d.Press(":")
		d.Type(itoa(d.world.Instances()[0].ID))
		d.Has("nothing is called so")
		d.Press("esc")
		d.nothingSent()
	})
}

func TestWhatIsDoneElsewhereIsFoundAndOnlyLeadsThere(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{140, 40}, {80, 24}, {60, 16}} {
		play(t, size[0], size[1], func(d *deck) {
			d.loaded()
			d.Press(":")
			d.Type("destroy")
			d.Has("destroy…", "opens Inst")
			d.PressFast("enter", "enter", "enter")
			d.Wait(2 * time.Second)
			d.Has("Instances")
			d.Lacks("to agree", "Go to, or do")
			d.Press("esc", "[")
			d.Wait(time.Second)
			d.nothingSent()
		})
	}
}

// holder gives the terminal to a command that takes a while.
type holder struct {
	told
	lock sync.Mutex
	ends error
}

func (h *holder) Terminal(c command.Custom) (tea.ExecCommand, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.runs = append(h.runs, c)
	return &inTerminal{h: h}, nil
}

func (h *holder) end(err error) {
	h.lock.Lock()
	defer h.lock.Unlock()
	h.ends = err
}

type inTerminal struct {
	h   *holder
	out io.Writer
}

func (*inTerminal) SetStdin(io.Reader)      {}
func (e *inTerminal) SetStdout(w io.Writer) { e.out = w }
func (*inTerminal) SetStderr(io.Writer)     {}

func (e *inTerminal) Run() error {
	_, _ = fmt.Fprint(e.out, "the command has the screen")
	time.Sleep(2 * time.Second)
	e.h.lock.Lock()
	defer e.h.lock.Unlock()
	return e.h.ends
}

func TestACommandThatHoldsTheTerminalGivesItBackAndIsToldApart(t *testing.T) {
	t.Parallel()
	out := &holder{}
	with := func(d *tui.Deps) {
		d.Command.Outsider = out
		d.Commands = []tui.OwnCommand{{Where: "commands[1]", Name: "look inside", Key: "f8", View: "instances", Argv: []string{"look", "{id}", "--", "{name}"}, Holds: true}}
	}
	playWith(t, 140, 40, with, func(d *deck) {
		d.world.SetInstanceLabel(d.world.Instances()[0].ID, "-rf $(reboot); 'x' \"y\"")
		d.loaded()
		d.Press("2", "g")
		d.Press("f8")
		d.Wait(500 * time.Millisecond)
		d.PressFast("D", "enter") // meant for the command
		d.Wait(4 * time.Second)
		d.Has("[2 Instances", "RUNNING")
		d.Lacks("the command has the screen", "to agree")
		out.end(&exited{status: 7})
		d.Press("f8")
		d.UntilHas(10*time.Second, "look inside ended with status 7")
		out.end(errors.New("it went away"))
		d.Press("esc") // the reader that was there before the command takes one more: a pipe cannot be left
		d.Wait(3 * time.Second)
		d.Press("f8")
		d.UntilHas(10*time.Second, "look inside did not run")
		out.mu.Lock()
		defer out.mu.Unlock()
		if len(out.runs) != 3 {
			d.t.Fatalf("it ran %d times\n%s", len(out.runs), d.Text())
		}
		for _, c := range out.runs {
			if len(c.Argv) != 4 || c.Argv[1] != itoa(d.world.Instances()[0].ID) || c.Argv[3] != "-rf $(reboot); 'x' \"y\"" {
				d.t.Errorf("it ran as %q", c.Argv)
			}
		}
		d.nothingSent()
	})
}

func TestAHostileNameWithoutADashBeforeItIsNotRun(t *testing.T) {
	t.Parallel()
	out := &told{}
	with := func(d *tui.Deps) {
		d.Command.Outsider = out
		d.Commands = []tui.OwnCommand{{Where: "commands[1]", Name: "note it", Key: "f8", View: "instances", Argv: []string{"note", "{name}"}}}
	}
	playWith(t, 140, 40, with, func(d *deck) {
		for _, i := range d.world.Instances() {
			d.world.SetInstanceLabel(i.ID, "--exec=sh")
		}
		d.loaded()
		d.Press("2", "g", "f8")
		d.Wait(time.Second)
		d.Has("would be taken for an option")
		d.say("note it")
		d.Wait(time.Second)
		out.mu.Lock()
		defer out.mu.Unlock()
		if len(out.runs) != 0 {
			d.t.Errorf("it ran as %q", out.runs[0].Argv)
		}
	})
}

func TestAnInstanceOfNoKnownRentalIsNamedAtTheStartAndBeforeLeaving(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &deck{t: t, world: vastsim.New(vastsim.WithSeed(7), vastsim.WithQuietMarket()), journal: &memory{}}
		id := d.world.Instances()[0].ID
		d.world.SetInstanceLabel(id, rental.Label("late", "abcdefghij23"))
		ctx, cancel := context.WithCancel(t.Context())
		d.model = tui.New(ctx, d.deps(nil))
		d.Screen = tuitest.Start(t, d.model, 150, 40)
		t.Cleanup(func() { cancel(); d.world.Close() })
		d.UntilHas(30*time.Second, "to no rental that is known here: "+itoa(id))
		d.Has("1 instance belongs")
		d.Wait(time.Minute)
		d.Press("q")
		d.Has("Leave vastdeck", "1 instance belongs to no rental", itoa(id), "7 lists them")
		d.Press("esc", "7")
		d.UntilHas(20*time.Second, itoa(id))
		d.nothingSent()
	})
}
