package account

import (
	"strings"
	"testing"

	"vastdeck/tui/view"
)

// at is where a text stands on the screen.
func (b *board) at(text string) (x, y int) {
	b.t.Helper()
	for n, line := range strings.Split(b.plain(), "\n") {
		if i := strings.Index(line, text); i >= 0 {
			return len([]rune(line[:i])), n
		}
	}
	b.t.Fatalf("%q is not there:\n%s", text, b.plain())
	return 0, 0
}

func (b *board) click(text string) view.Effect {
	x, y := b.at(text)
	return b.m.Click(b.env(), view.Click{X: x, Y: y})
}

func TestAClickOpensAPartAndASecondOneOnARowItsDetail(t *testing.T) {
	t.Parallel()
	b := full(t)
	b.click("Variables")
	b.has("HF_TOKEN")
	b.click("WANDB_API_KEY")
	b.lacks("who gets it")
	b.click("WANDB_API_KEY")
	b.has("who gets it", "Variable WANDB_API_KEY")
	b.click("Audit log")
	b.click("a key that is gone")
	b.click("a key that is gone")
	b.has("none of this machine's journal")
	b.click("Who")
	if p, ok := b.m.shown().(*logPart); !ok || func() bool { by, _ := p.table.SortBy(); return by != "who" }() {
		t.Error("a click on a title does not sort")
	}
	b.click("Overview")
	b.has("API key of this run")
}

func TestAClickDoesNothingToTheAccount(t *testing.T) {
	t.Parallel()
	for name, make := range states {
		b := make(t)
		for y := range b.size.H {
			for x := 0; x < b.size.W; x += 7 {
				for _, in := range b.m.Click(b.env(), view.Click{X: x, Y: y}).Intents {
					if _, remembers := in.(view.Remember); !remembers {
						t.Fatalf("%s: a click at %d,%d wants %T", name, x, y, in)
					}
				}
			}
		}
	}
}

func TestAClickDoesNotLoseTheNewKey(t *testing.T) {
	t.Parallel()
	b := states["new key"](t)
	for y := range b.size.H {
		b.m.Click(b.env(), view.Click{X: 5, Y: y})
		b.m.Wheel(b.env(), view.Wheel{X: 5, Y: y, Lines: 3})
	}
	b.has(secret)
}

func TestTheWheelScrollsWhatIsUnderIt(t *testing.T) {
	t.Parallel()
	b := full(t)
	b.size = view.Size{W: 100, H: 12}
	before := b.plain()
	b.m.Wheel(b.env(), view.Wheel{X: 5, Y: 5, Lines: 3})
	if b.plain() == before {
		t.Error("the overview does not scroll")
	}
	b.press("A", "enter")
	_, y := b.at("Request of")
	before = b.plain()
	b.m.Wheel(b.env(), view.Wheel{X: 5, Y: y + 1, Lines: 2})
	if b.plain() == before {
		t.Errorf("the detail does not scroll:\n%s", before)
	}
}

func TestAClickTakesWhatIsOfferedForTheFilterOfTheLog(t *testing.T) {
	t.Parallel()
	b := full(t)
	b.press("A", "/", "tab")
	p := b.m.shown().(*logPart)
	b.has("▸")
	if !p.query.Offering() {
		t.Fatalf("nothing is offered:\n%s", b.plain())
	}
	b.m.Wheel(b.env(), view.Wheel{X: 5, Y: 5, Lines: 1})
	want, _ := p.query.Candidate()
	b.click("▸")
	if got := p.query.Value(); want.Text == "" || !strings.HasPrefix(got, want.Text) {
		t.Errorf("the line holds %q, %q was clicked", got, want.Text)
	}
	b.press("backspace", "backspace")
	b.plain()
	if p.query.Offering() {
		before := p.query.Value()
		b.m.Click(b.env(), view.Click{X: b.size.W - 1, Y: b.size.H - 2})
		if p.query.Offering() || p.query.Value() != before {
			t.Errorf("a click beside the list leaves it open, or made the line %q", p.query.Value())
		}
	}
}
