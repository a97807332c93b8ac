package account

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// widths are those at which the screens are compared with files.
var widths = []int{60, 100, 140, 200}

// golden compares a text with its file; UPDATE_GOLDEN=1 writes it.
func golden(t *testing.T, name, text string) {
	t.Helper()
	lines := strings.Split(text, "\n")
	for n := range lines {
		lines[n] = strings.TrimRight(lines[n], " ")
	}
	text = strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"
	file := filepath.Join("testdata", name+".golden")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("%s differs; now it is\n%s\nwant\n%s", file, text, want)
	}
}

var errBroken = errors.New("the account does not answer: it is tried again")

// madeKey is a report about a key that was made.
func madeKey(t testing.TB, name string) command.PlanExecuted {
	t.Helper()
	p, err := rental.PlanCreateAPIKey(name, vastapi.Presets()[0].Permissions(), nil, rental.Desk{Now: noon, At: noon, NewID: func() string { return "plan" }})
	if err != nil {
		t.Fatal(err)
	}
	return command.PlanExecuted{Answer: command.Answer{At: noon}, Report: rental.Report{Plan: p, Done: []rental.StepResult{{Step: p.Steps[0], Key: newKeyFor(t)}}}}
}

// answers is a server that says one thing to every request.
type answers string

func (a answers) RoundTrip(q *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(a))), Request: q}, nil
}

// newKeyFor is a key as the client hands it out.
func newKeyFor(t testing.TB) vastapi.NewKey {
	t.Helper()
	client, err := vastapi.New(vastapi.WithTransport(answers(`{"success":true,"id":905,"key":"`+secret+`"}`)), vastapi.WithIntervals(vastapi.Intervals{}),
		vastapi.WithKey(vastapi.KeyFunc(func() string { return "k" })))
	if err != nil {
		t.Fatal(err)
	}
	r := client.Do(t.Context(), vastapi.CreateAPIKey{Name: "ci-runner", Permissions: vastapi.Presets()[0].Permissions()})
	if !r.Key.Given() {
		t.Fatalf("no key was made: %v", r.Err)
	}
	return r.Key
}

// states are the view in every state that it can be in.
var states = map[string]func(testing.TB) *board{
	"loading": func(t testing.TB) *board { return newBoard(t) },
	"full":    full,
	"read-only": func(t testing.TB) *board {
		b := full(t)
		b.locked = true
		return b
	},
	"error before any answer": func(t testing.TB) *board {
		b := newBoard(t)
		b.tell(command.UserLoaded{Answer: command.Answer{At: noon, Err: errBroken}})
		return b
	},
	"keys":         func(t testing.TB) *board { b := full(t); b.press("K"); return b },
	"keys detail":  func(t testing.TB) *board { b := full(t); b.press("K", "down", "enter"); return b },
	"copies":       func(t testing.TB) *board { b := full(t); b.press("y"); return b },
	"key's copies": func(t testing.TB) *board { b := full(t); b.press("K", "y"); return b },
	"keys loading": func(t testing.TB) *board { b := newBoard(t); b.press("K"); return b },
	"keys refused": func(t testing.TB) *board {
		b := newBoard(t)
		b.press("K")
		b.tell(command.APIKeysLoaded{Answer: command.Answer{At: noon, Err: lacks(vastapi.RightUserRead)}})
		return b
	},
	"keys none":      func(t testing.TB) *board { b := newBoard(t).list(); b.press("K"); return b },
	"variables":      func(t testing.TB) *board { b := full(t); b.press("V", "down", "enter"); return b },
	"variables none": func(t testing.TB) *board { b := newBoard(t).vars(); b.press("V"); return b },
	"log":            func(t testing.TB) *board { b := full(t); b.press("A"); return b },
	"log detail":     func(t testing.TB) *board { b := full(t); b.press("A", "end", "up", "enter"); return b },
	"log typing":     func(t testing.TB) *board { b := full(t); b.press("A", "/"); b.text("wh"); return b },
	"log mistake":    func(t testing.TB) *board { b := full(t); b.press("A", "/"); b.text("nothing=1 "); return b },
	"log filtered away": func(t testing.TB) *board {
		b := full(t)
		b.press("A", "/")
		b.text("zebra")
		b.press("enter")
		return b
	},
	"log none": func(t testing.TB) *board { b := newBoard(t).audit(); b.press("A"); return b },
	"log stale": func(t testing.TB) *board {
		b := full(t)
		b.press("A")
		b.tell(command.AuditLoaded{Answer: command.Answer{At: b.now, Err: errBroken}})
		return b
	},
	"profiles none": func(t testing.TB) *board { b := full(t); b.press("P"); return b },
	"profiles": func(t testing.TB) *board {
		b := full(t)
		b.profiles = []view.Profile{{Name: "default", Current: true}, {Name: "work", Color: "orange"}, {Name: "lab", Color: "cyan", Host: "127.0.0.1:8787"}}
		b.press("P", "down")
		return b
	},
	"new key": func(t testing.TB) *board { b := full(t); b.tell(madeKey(t, "ci-runner")); return b },
}

// lacks is a refusal for lack of a right.
func lacks(r vastapi.Right) error {
	return &vastapi.Error{Kind: vastapi.KindRights, Status: 401, Right: r, Method: "GET", Path: "/api/v0/x/", At: noon}
}

func TestScreensAtEveryWidth(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"full", "keys detail", "variables", "log", "log detail", "profiles", "new key"} {
		for _, w := range widths {
			b := states[name](t)
			b.size = view.Size{W: w, H: 26}
			golden(t, fmt.Sprintf("%s-%d", strings.ReplaceAll(name, " ", "-"), w), b.plain())
		}
	}
}

func TestScreensOfWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"loading", "error before any answer", "keys loading", "keys refused", "keys none", "variables none", "log none", "log mistake", "log filtered away", "log stale", "profiles none"} {
		b := states[name](t)
		b.size = view.Size{W: 100, H: 14}
		golden(t, strings.ReplaceAll(name, " ", "-"), b.plain())
	}
}

func TestViewIsExactAtEverySize(t *testing.T) {
	t.Parallel()
	step := 41
	if testing.Short() {
		step = 411
	}
	for name, make := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := make(t)
			for n := 0; n < 260*70; n += step {
				b.size = view.Size{W: 1 + n%260, H: 1 + n/260}
				f := b.m.Draw(b.env(), b.size)
				if err := fit.Exact(f.Body, b.size.W, b.size.H); err != nil {
					t.Fatalf("%dx%d: %v", b.size.W, b.size.H, err)
				}
				if c := f.Cursor; c != nil && (c.X < 0 || c.X >= b.size.W || c.Y < 0 || c.Y >= b.size.H) {
					t.Fatalf("%dx%d: the text cursor stands at %d,%d", b.size.W, b.size.H, c.X, c.Y)
				}
			}
		})
	}
}
