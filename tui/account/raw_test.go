package account

import (
	"context"
	"errors"
	"strings"
	"testing"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// wordy is a client that answers in words of its own.
type wordy struct {
	counting
	asked []string
	err   error
}

func (w *wordy) say(text string) (*safetext.Lines, error) {
	w.asked = append(w.asked, text)
	if w.err != nil {
		return nil, w.err
	}
	lines := safetext.NewLines(9, 999)
	lines.Add("{\n  \"words\": \"" + text + "\"\n}")
	lines.Flush()
	return lines, nil
}

func (w *wordy) UserRaw(context.Context) (*safetext.Lines, error) { return w.say("of the user") }

func (w *wordy) APIKeyRaw(_ context.Context, id int64) (*safetext.Lines, error) {
	return w.say("of a key")
}

func (w *wordy) EnvVarsRaw(context.Context) (*safetext.Lines, error) { return w.say("of variables") }

func (w *wordy) AuditRaw(_ context.Context, e vastapi.AuditEntry) (*safetext.Lines, error) {
	return w.say("of " + e.Route.String())
}

// talking is a view whose account can be asked.
func talking(t testing.TB, w *wordy) *board {
	t.Helper()
	b := full(t)
	b.set.Use(w)
	return b
}

func TestEveryPartOfTheAccountIsShownInTheServersOwnWords(t *testing.T) {
	t.Parallel()
	for part, want := range map[string]struct{ title, words string }{
		"I": {"Account as the server gives it now; secrets are masked", "of the user"},
		"K": {"API key 90", "of a key"},
		"V": {"Variables of the account as the server gives it now", "of variables"},
		"A": {"Request of ", "of DELETE /api/v0/instances/5504/"},
	} {
		w := &wordy{}
		b := talking(t, w)
		b.press(part)
		e := b.press("J")
		b.has("asking for the server's own words")
		if len(e.Intents) > 0 || e.Cmd == nil {
			t.Fatalf("%s: J is %+v", part, e)
		}
		b.tell(e.Cmd())
		b.has(want.title, want.words, "Overview")
		if c := wish[view.Copy](t, b.press("y")); !strings.Contains(c.Text, want.words) {
			t.Errorf("%s: y copies %q", part, c.Text)
		}
		b.press("esc")
		b.lacks(want.words)
	}
}

func TestAnAnswerThatComesAfterThePageWasLeftIsNotShown(t *testing.T) {
	t.Parallel()
	w := &wordy{}
	b := talking(t, w)
	e := b.press("J")
	b.press("esc")
	b.press("K")
	other := b.press("J")
	b.tell(e.Cmd())
	b.lacks("of the user")
	b.tell(other.Cmd())
	b.has("of a key")
	b.click("Variables")
	b.lacks("of a key")
	b.has("HF_TOKEN")
}

func TestARawAnswerThatFailsSaysWhy(t *testing.T) {
	t.Parallel()
	w := &wordy{err: &vastapi.Error{Kind: vastapi.KindNotFound, Message: "the account has this API key no more"}}
	b := talking(t, w)
	b.press("K")
	b.tell(b.press("J").Cmd())
	b.has("API key 90", "the account has this API key no more")
	w.err = errors.New("no network")
	b.press("esc")
	b.tell(b.press("J").Cmd())
	b.has("no network")
}

func TestOfALineThatOnlyTheJournalHasNothingRawIsAsked(t *testing.T) {
	t.Parallel()
	b := full(t)
	b.press("A", "/")
	b.text("reboot")
	b.press("enter")
	if why := b.reason("J"); !strings.Contains(why, "only the journal of this machine has this line") {
		t.Errorf("J says %q", why)
	}
}

func TestWithoutTheRightToSeeTheAccountNothingRawIsAsked(t *testing.T) {
	t.Parallel()
	b := newBoard(t).user(owner(vastapi.GrantOf(vastapi.RightMisc)))
	if why := b.reason("J"); why == "" {
		t.Error("J asks for what the key may not see")
	}
}

func TestTheSearchInARawAnswerHasTheKeyboard(t *testing.T) {
	t.Parallel()
	w := &wordy{}
	b := talking(t, w)
	b.tell(b.press("J").Cmd())
	b.press("/")
	if !b.m.Capturing() {
		t.Error("letters would do something else")
	}
	b.text("KVA")
	b.has("Account as the server gives it now", "KVA")
	b.press("esc", "esc")
	b.lacks("of the user")
}

func TestAKeyThatMayNotSeeTheAccountIsToldWhatItMayDo(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	b.tell(command.UserLoaded{Answer: command.Answer{At: b.now, Err: &vastapi.Error{Kind: vastapi.KindRights, Right: vastapi.RightUserRead}}})
	b.has("API key of this run", "keyring of this system", "? rent or change instances and volumes: unknown")
	for h := 1; h < 40; h++ {
		b.size.H = h
		if n := strings.Count(b.plain(), "\n") + 1; n != h {
			t.Fatalf("%d lines at a height of %d", n, h)
		}
		b.press("down")
	}
}

// other is the journal that another process goes on writing.
type other struct{ lines written }

func (o *other) Append(line []byte) error { o.lines = append(o.lines, string(line)); return nil }

func (o *other) Replay(fn func([]byte) error) error { return o.lines.Replay(fn) }

func TestTheLogIsLinkedWithWhatAnotherProcessHasDoneMeanwhile(t *testing.T) {
	t.Parallel()
	j := &other{}
	b := full(t).journal()
	b.set = command.New(t.Context(), command.Config{Journal: j})
	b.set.Use(&counting{})
	b.set.UseAccount("1")
	b.press("A")
	b.has("0 by this program")
	if !b.set.Busy(command.Journal) {
		t.Error("showing the log does not read the journals")
	}
	b.set = command.New(t.Context(), command.Config{Journal: j})
	b.set.Use(&counting{})
	b.set.UseAccount("1")
	j.lines = someJournal() // a verb in a shell
	read := b.env().Load.LoadJournal()
	if read == nil {
		t.Fatal("the journals are not read")
	}
	b.tell(read())
	b.has("2 by this program")
	b.set = command.New(t.Context(), command.Config{})
	b.set.Use(&counting{})
	b.set.UseAccount("1")
	if b.env().Load.LoadJournal() != nil {
		t.Error("a journal that is none is read")
	}
}

func TestActivityLeadsToTheLineOfAnOperation(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]bool{"known": false, "read later": true} {
		b := full(t)
		if late {
			b = newBoard(t).user(owner(vastapi.FullGrant())).list(threeKeys()...).journal(someJournal()...)
		}
		b.tell(view.Focused{On: view.ShowAudit{Operation: "op-destroy"}})
		if late {
			b.audit(someLog()...)
		}
		e, ok := b.m.parts[3].part.(*logPart).table.Cursor()
		if !ok || e.ours == nil || e.ours.Op.ID != "op-destroy" {
			t.Errorf("%s: the cursor is on %+v", name, e)
		}
		b.has("Request", "DELETE /api/v0/instances/5501/")
	}
}
