package dialog

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

var (
	noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	dark = theme.New(true)
)

// hostile are names as others choose them.
var hostile = []string{
	strings.Repeat("x", 600), strings.Repeat("世界", 100), "e" + strings.Repeat("\u0301", 100), "a │ b ╮ c ╯",
	"two\nrows\r\x1b[2J", "\u202eRLO\u2066", strings.Repeat("word ", 60), "\x1b]8;;http://evil.example\x1b\\good", "👩‍👩‍👧‍👦🏳️‍🌈🇸🇪", "",
}

func instance(id vastapi.InstanceID, label string) vastapi.Instance {
	word := safetext.New("running")
	return vastapi.Instance{
		ID: id, MachineID: vastapi.MachineID(id) + 100, Label: safetext.New(label), Actual: word, Intended: word, Cur: word, Next: word,
		GPUName: safetext.New("RTX 4090"), NumGPUs: 2, Disk: 80, DiskUsed: vastapi.Unknown[vastapi.GB](),
		DphBase: 0.8, StorageCost: 0.18, DphTotal: 0.82, BilledNow: 0.82, IfRunning: 0.82, StorageTotal: 0.02,
		MinBid: vastapi.Unknown[vastapi.Rate](),
	}
}

func desk(all ...vastapi.Instance) rental.Desk {
	return rental.Desk{
		Now: noon, At: noon, NewID: func() string { return "plan" }, Caps: rental.DefaultCaps(), Credit: 41.20,
		Burn: pricing.Account(all, nil), Instances: all,
	}
}

// rent is a plan that is agreed to by choosing a button.
func rent(t *testing.T, name string) rental.Plan {
	t.Helper()
	o := vastapi.Offer{
		ID: 77, MachineID: 512, HostID: 31, GPUName: safetext.New(name), NumGPUs: 1, GPURAM: 24564,
		CUDA: 12.8, DiskSpace: 500, DphBase: 0.4, StorageCost: 0.15, Reliability: 0.9951, InetUpCost: 0.001, InetDownCost: 0.002,
		Verification: safetext.New("verified"), Rentable: vastapi.FlagYes, Geolocation: safetext.New(name + ", SE"), Duration: 90 * 24 * time.Hour,
	}
	p, err := rental.PlanRent(o, noon, rental.RentOptions{Image: "pytorch/pytorch:latest", Disk: 40, Name: "train"}, desk())
	if err != nil {
		t.Fatal(err)
	}
	if p.Consent.Kind != rental.ConsentChoose {
		t.Fatalf("renting asks for consent of kind %d", p.Consent.Kind)
	}
	return p
}

// destroy is a plan that is agreed to by typing words.
func destroy(t *testing.T, targets ...vastapi.Instance) rental.Plan {
	t.Helper()
	p, err := rental.PlanDestroy(targets, desk(targets...))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// press makes the message of a key named as Bubble Tea names it.
func press(name string) tea.KeyPressMsg {
	special := map[string]tea.Key{
		"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab}, "shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift},
		"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight},
		"pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown}, "backspace": {Code: tea.KeyBackspace}, "space": {Code: tea.KeySpace, Text: " "},
		"ctrl+c": {Code: 'c', Mod: tea.ModCtrl}, "ctrl+u": {Code: 'u', Mod: tea.ModCtrl},
	}
	if k, ok := special[name]; ok {
		return tea.KeyPressMsg(k)
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// clock types into a dialog, some time apart.
type clock struct {
	d   Dialog
	now time.Time
}

func (c *clock) press(wait time.Duration, names ...string) Outcome {
	var o Outcome
	for _, name := range names {
		c.now = c.now.Add(wait)
		o = c.d.Update(press(name), c.now)
	}
	return o
}

func (c *clock) text(s string) Outcome {
	var o Outcome
	for _, r := range s {
		name := string(r)
		if r == ' ' {
			name = "space"
		}
		o = c.press(50*time.Millisecond, name)
	}
	return o
}

func (c *clock) paste(s string) Outcome { return c.d.Update(tea.PasteMsg{Content: s}, c.now) }

// plain is a dialog as letters only.
func plain(d Dialog, w, h int) string {
	return ansi.Strip(strings.Join(d.Draw(dark, view.Size{W: w, H: h}, noon).Lines, "\n"))
}

// shown gives back d once it has been on a large screen.
func shown(d Dialog) Dialog {
	plain(d, 120, 60)
	return d
}

// exact is what is wrong with the picture of d in an area, "" = nothing.
func exact(d Dialog, area view.Size) string {
	p := d.Draw(dark, area, noon)
	switch {
	case len(p.Lines) > area.H || len(p.Lines) == 0:
		return fmt.Sprintf("%dx%d: %d lines", area.W, area.H, len(p.Lines))
	case p.W > area.W:
		return fmt.Sprintf("%dx%d: %d cells wide", area.W, area.H, p.W)
	}
	if err := fit.Exact(strings.Join(p.Lines, "\n"), p.W, len(p.Lines)); err != nil {
		return fmt.Sprintf("%dx%d: %v", area.W, area.H, err)
	}
	if c := p.Cursor; c != nil && (c.X < 0 || c.X >= p.W || c.Y < 0 || c.Y >= len(p.Lines)) {
		return fmt.Sprintf("%dx%d: the cursor stands at %d,%d outside of the picture", area.W, area.H, c.X, c.Y)
	}
	return ""
}

// everySize draws d at sizes of 1…200 by 1…60, each step-th of them. A dialog is
// as wide as it gets from the 98th cell on, so that few of the wider ones do.
func everySize(t *testing.T, d Dialog, step int) {
	t.Helper()
	var widths []int
	for w := 1; w <= 200; w++ {
		if w <= widest+4 || w%20 == 0 {
			widths = append(widths, w)
		}
	}
	if testing.Short() {
		step = 13*step + 2
	}
	for n := 0; n < len(widths)*60; n += step {
		if bad := exact(d, view.Size{W: widths[n%len(widths)], H: 1 + n/len(widths)}); bad != "" {
			t.Fatal(bad)
		}
	}
}

// framed fails unless each line of a drawn dialog stands between its borders.
func framed(t *testing.T, what, text string) {
	t.Helper()
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		left, right := "│ ", " │"
		switch i {
		case 0:
			left, right = "╭─", "─╮"
		case len(lines) - 1:
			left, right = "╰─", "─╯"
		}
		if !strings.HasPrefix(l, left) || !strings.HasSuffix(l, right) {
			t.Fatalf("%s: line %d has lost its border:\n%s", what, i, text)
		}
	}
}

func TestOnlyTheTopOfTheStackHearsKeys(t *testing.T) {
	t.Parallel()
	var s Stack
	if !s.Empty() || s.Top() != nil {
		t.Error("a new stack is not empty")
	}
	s.Pop() // of nothing
	a, b, c := NewQuit(nil), NewQuit([]string{"b"}), NewQuit([]string{"c"})
	s.Push(a)
	s.Push(b)
	if s.Top() != Dialog(b) {
		t.Error("the last is not on top")
	}
	s.Replace(c)
	var order []Dialog
	s.Each(func(d Dialog) { order = append(order, d) })
	if len(order) != 2 || order[0] != Dialog(a) || order[1] != Dialog(c) {
		t.Errorf("open are %v", order)
	}
	s.Pop()
	if s.Top() != Dialog(a) {
		t.Error("the one below does not come back")
	}
	s.Push(b)
	s.Push(c)
	s.Remove(b) // from the middle
	if s.Holds(b) || !s.Holds(a) || !s.Holds(c) || s.Top() != Dialog(c) {
		t.Error("removing one takes another away, or nothing")
	}
	s.Remove(b) // of what is not open
	s.Clear()
	if !s.Empty() || s.Holds(a) {
		t.Error("something is left")
	}
}
