package command

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// RequestLogs gives the end of a log of three lines.
func (s *server) RequestLogs(_ context.Context, id vastapi.InstanceID, opt vastapi.LogOptions) (*safetext.Lines, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	if s.err != nil {
		return nil, s.err
	}
	lines := safetext.NewLines(opt.Tail, 1000)
	lines.Add("first of " + id.String() + "\nsecond\nthird \x1b]52;c;cm0=\a\n")
	return lines, nil
}

// Output gives one line.
func (s *server) Output(context.Context, vastapi.Output) (*safetext.Lines, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := safetext.NewLines(9, 1000)
	lines.Add("total 4\n")
	return lines, s.err
}

func TestLogsComeAsInertLinesWithWhatWasLeftOut(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	m := c.Loads().LoadLogs(7, vastapi.LogOptions{Tail: 2}, 0)().(LogsRead)
	if !c.Current(m) || m.Err != nil || m.Instance != 7 || m.Dropped != 1 {
		t.Errorf("got %+v", m)
	}
	if want := []string{"second", "third ␛]52;c;cm0=␇"}; !slices.Equal(m.Lines, want) {
		t.Errorf("the lines are %q, not %q", m.Lines, want)
	}
}

func TestLogsThatAreWantedAtOnceAreAskedForInTheirOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := set(t, &server{}, Market{})
		when := make(chan time.Duration, 3)
		for turn := range 3 {
			ask := c.Loads().LoadLogs(vastapi.InstanceID(turn+1), vastapi.LogOptions{Tail: 2}, turn)
			go func() { ask(); when <- time.Since(start) }()
		}
		var last time.Duration = -1
		for range 3 {
			if at := <-when; at <= last || at > time.Second {
				t.Errorf("one was answered after %v, the one before it after %v", at, last)
			} else {
				last = at
			}
		}
	})
}

func TestALogThatIsGivenUpIsAnsweredToNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := set(t, &server{}, Market{})
		l := c.Loads()
		answer := l.LoadLogs(7, vastapi.LogOptions{}, 0)
		due := l.LogsAgain(7, time.Second)
		l.NoLogs(7)
		if m := answer().(LogsRead); c.Current(m) {
			t.Error("the answer is told")
		}
		if d := due().(Due); c.IsDue(d) {
			t.Error("it is due all the same")
		}
	})
}

func TestFollowedLogsLeaveRoomForOtherReads(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 100; n++ {
		every := LogsEvery(n)
		if perMinute := float64(n) * float64(time.Minute) / float64(every); perMinute > 20.01 || every < 10*time.Second {
			t.Errorf("%d logs are asked for every %v, %v times a minute", n, every, perMinute)
		}
	}
}

func TestWhatACommandPrintedIsRead(t *testing.T) {
	t.Parallel()
	s := &server{}
	c := set(t, s, Market{})
	m := c.Loads().LoadOutput("run 1", 7, vastapi.Output{})().(OutputRead)
	if m.Run != "run 1" || m.Instance != 7 || !slices.Equal(m.Lines, []string{"total 4"}) {
		t.Errorf("got %+v", m)
	}
	s.err = errors.New("not now")
	if m := c.Loads().LoadOutput("run 1", 7, vastapi.Output{})().(OutputRead); m.Err == nil {
		t.Error("the error is lost")
	}
}

func TestNobodyIsAskedForTextsWhileLoggedOut(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	c.LogOut()
	l := c.Loads()
	if l.LoadLogs(1, vastapi.LogOptions{}, 0) != nil || l.LoadOutput("x", 1, vastapi.Output{}) != nil {
		t.Error("there is a command that asks")
	}
}

func TestATextIsMadeWhenItIsWritten(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	path := filepath.Join(t.TempDir(), "train.log")
	made := 0
	cmd := c.WriteText("save", path, func() string { made++; return "a\nb\n" }, false)
	if made != 0 {
		t.Error("it was made in Update")
	}
	if m := cmd().(FileWritten); m.Err != nil || m.Path != path || m.Form != "save" {
		t.Errorf("got %+v", m)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "a\nb\n" || made != 1 {
		t.Errorf("%q, %v, made %d times", got, err, made)
	}
	if m := c.WriteText("save", path, func() string { return "c" }, false)().(FileWritten); !errors.Is(m.Err, ErrExists) {
		t.Errorf("a file that is there was not kept: %v", m.Err)
	}
}
