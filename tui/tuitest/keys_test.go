package tuitest_test

import (
	"context"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui"
	"vastdeck/tui/command"
)

func TestKeysOfTheUserReplaceThoseOfTheProgram(t *testing.T) {
	t.Parallel()
	own := func(d *tui.Deps) {
		d.Keys = tui.Keys{Preset: "arrows", Own: []tui.OwnKey{
			{Scope: "market", Action: "rent", Keys: []string{"f5", "N"}},
			{Scope: "everywhere", Action: "quit", Keys: []string{"ctrl+q"}},
			{Scope: "tables", Action: "row-down", Keys: []string{"down", "n"}},
		}}
	}
	playWith(t, 150, 44, own, func(d *deck) {
		d.loaded()
		d.Has("f5 N rent…")
		d.Press("r", "q", "j")
		d.Lacks("Rent ", "Leave vastdeck")
		at := d.cursorLine()
		d.Press("n")
		if d.cursorLine() == at {
			d.t.Error("the key that was given to it does not move the cursor")
		}
		d.Press("N")
		d.Has("Continue to the plan")
		d.Press("esc", "ctrl+q")
		d.Has("Leave vastdeck")
		d.Press("esc", "?")
		d.Type("rent…")
		d.Has("f5 N")
		d.nothingSent()
	})
}

func TestWhileTextIsTypedOwnKeysAreLetters(t *testing.T) {
	t.Parallel()
	own := func(d *tui.Deps) {
		d.Keys = tui.Keys{Own: []tui.OwnKey{{Scope: "everywhere", Action: "refresh-now", Keys: []string{"f5"}}, {Scope: "tables", Action: "row-down", Keys: []string{"n"}}}}
	}
	playWith(t, 150, 44, own, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("num_gpus=2 n")
		d.Has("num_gpus=2 n")
		d.Press("f5")
		d.Has("asking again")
	})
}

// told runs commands by noting them.
type told struct {
	mu   sync.Mutex
	runs []command.Custom
	out  string
	code int
}

func (o *told) Output(_ context.Context, c command.Custom, _ int) ([]byte, int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.runs = append(o.runs, c)
	return []byte(o.out), o.code, nil
}

func (o *told) Terminal(command.Custom) (tea.ExecCommand, error) { return nil, context.Canceled }

func TestACommandOfTheUserRunsOnTheRowAndShowsWhatItPrints(t *testing.T) {
	t.Parallel()
	out := &told{out: "one\ntwo\x1b[31m\n"}
	own := func(d *tui.Deps) {
		d.Command.Outsider = out
		d.Commands = []tui.OwnCommand{
			{Where: "commands[1]", Name: "note it", Key: "f8", View: "instances", Argv: []string{"note", "--id={id}", "{machine_id}", "--", "{name}", "{why}"}, Asks: []tui.OwnAsk{{Name: "why", Label: "why"}}, Sure: true},
		}
	}
	playWith(t, 150, 44, own, func(d *deck) {
		d.loaded()
		d.Press("1", "f8")
		d.Lacks("Run it")
		d.Press("2", "f8")
		d.Has("note it", "Run it")
		d.Type("because -- of; $(it)")
		d.Press("enter", "enter")
		d.Has("say yes with space")
		d.Press("space", "enter")
		d.Wait(2 * time.Second)
		d.Has("What it printed", "one", "two")
		d.Press("esc")
		out.mu.Lock()
		defer out.mu.Unlock()
		if len(out.runs) != 1 {
			d.t.Fatalf("it ran %d times\n%s", len(out.runs), d.Text())
		}
		if argv := out.runs[0].Argv; len(argv) != 6 || argv[3] != "--" || argv[5] != "because -- of; $(it)" {
			d.t.Errorf("it ran as %q", argv)
		}
		d.nothingSent()
	})
}
