package rental

import (
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// bidder is an interruptible instance that runs with a winning bid.
func bidder() vastapi.Instance {
	i := instance(7, "a")
	i.Bid, i.DphBase, i.MinBid = true, 0.4, 0.3
	return i
}

// idled is i as the API tells it after a stop and after it was outbid alike.
func idled(i vastapi.Instance, beat vastapi.Rate) vastapi.Instance {
	word := safetext.New("stopped")
	i.Actual, i.Intended, i.Cur, i.Next, i.MinBid = safetext.New("exited"), word, word, word, beat
	return i
}

func TestABidThatItsRenterStoppedIsNotOutbid(t *testing.T) {
	t.Parallel()
	stopping := bidder()
	stopping.Intended = safetext.New("stopped")
	for name, c := range map[string]struct {
		seen   []vastapi.Instance
		order  Order
		want   string
		others int // problems
	}{
		"outbid while it ran":                   {[]vastapi.Instance{bidder(), idled(bidder(), 0.5)}, Order{}, "OUTBID", 1},
		"seen being stopped":                    {[]vastapi.Instance{bidder(), stopping, idled(bidder(), 0.5)}, Order{}, "STOPPED", 0},
		"stopped, then others bid more":         {[]vastapi.Instance{idled(bidder(), 0.3), idled(bidder(), 0.5)}, Order{}, "STOPPED", 0},
		"outbid, a moment not, and outbid":      {[]vastapi.Instance{bidder(), idled(bidder(), 0.5), idled(bidder(), 0.3), idled(bidder(), 0.5)}, Order{}, "OUTBID", 1},
		"first seen, and stopped from here":     {[]vastapi.Instance{idled(bidder(), 0.5)}, Order{At: noon.Add(-time.Hour)}, "STOPPED", 0},
		"stopped from here, ran, then outbid":   {[]vastapi.Instance{bidder(), idled(bidder(), 0.5)}, Order{At: noon.Add(-time.Hour)}, "OUTBID", 1},
		"ran, then stopped from here":           {[]vastapi.Instance{bidder(), idled(bidder(), 0.5)}, Order{At: noon.Add(time.Second)}, "STOPPED", 0},
		"first seen, and started from here":     {[]vastapi.Instance{idled(bidder(), 0.5)}, Order{Running: true, At: noon.Add(-time.Hour)}, "OUTBID", 1},
		"seen being stopped, started, outbid":   {[]vastapi.Instance{stopping, bidder(), idled(bidder(), 0.5)}, Order{}, "OUTBID", 1},
		"stopped from here, price is not known": {[]vastapi.Instance{idled(bidder(), vastapi.Unknown[vastapi.Rate]())}, Order{At: noon}, "STOPPED", 0},
	} {
		w := Watched{}.Ordered(c.order)
		at := noon
		for n := range c.seen {
			w = w.Seen(&c.seen[n], at)
			at = at.Add(10 * time.Second)
		}
		last := c.seen[len(c.seen)-1]
		if got := w.State(&last); got.Word != c.want || w.Word(&last, at) != c.want && c.want == "STOPPED" {
			t.Errorf("%s: it is shown as %+v", name, got)
		}
		if got := Problems(&last, at, Background{Watched: w}); len(got) != c.others {
			t.Errorf("%s: problems are %v", name, got)
		}
		if c.want == "STOPPED" && strings.Contains(w.State(&last).Why, "outbid") {
			t.Errorf("%s: %s", name, w.State(&last).Why)
		}
	}
}

func TestAnEndedContractHasAWordAndOneProblem(t *testing.T) {
	t.Parallel()
	for _, i := range []vastapi.Instance{stopped(7, "a"), idled(bidder(), 0.5)} {
		i.End = noon.Add(time.Minute)
		w := Watched{}.Seen(&i, noon)
		if got := w.State(&i).Word; got == "ENDED" {
			t.Error("it has not ended yet")
		}
		w = w.Seen(&i, noon.Add(time.Minute))
		if got := w.State(&i); got.Word != "ENDED" || got.Class != ClassFailed || got.Why == "" {
			t.Errorf("it is shown as %+v", got)
		}
		if got := kindsOf(Problems(&i, noon.Add(time.Minute), Background{Watched: w})); got != "end danger" {
			t.Errorf("problems are %s", got)
		}
	}
	up := instance(7, "a")
	up.End = noon
	if got := (Watched{}).Seen(&up, noon.Add(time.Hour)).State(&up).Word; got != "RUNNING" {
		t.Errorf("what runs on past its end is shown as %s", got)
	}
}

func TestEveryMessageThatEndsAStartIsAnError(t *testing.T) {
	t.Parallel()
	for _, w := range finalWords {
		i := instance(7, "a")
		i.Actual, i.Status = safetext.New("loading"), safetext.New("Failed: "+strings.ToUpper(w.said)+" …")
		got := Display(i)
		if got.Word != "ERROR" || !strings.Contains(got.Why, w.means) {
			t.Errorf("%q is shown as %+v", w.said, got)
		}
		if list := Problems(&i, noon, Background{}); kindsOf(list) != "hopeless danger" {
			t.Errorf("%q: problems are %v", w.said, kindsOf(list))
		}
	}
	i := instance(7, "a")
	i.Actual, i.Status = safetext.New("loading"), safetext.New("Pulling from unauthorized/x")
	if got := Display(i).Word; got != "LOADING" {
		t.Errorf("an image's name is taken for a failure: %s", got)
	}
}

func TestAContainerThatIsStoppedThoughItShallRunSaysWhy(t *testing.T) {
	t.Parallel()
	i := instance(7, "a")
	i.Actual = safetext.New("stopped")
	if got := Display(i); got.Word != "STOPPED" || !strings.Contains(got.Why, "shall run") {
		t.Errorf("it is shown as %+v", got)
	}
	got := Problems(&i, noon, Background{})
	if kindsOf(got) != "exited danger" || !strings.Contains(got[0].Evidence, "although it shall run") {
		t.Errorf("problems are %+v", got)
	}
}

func TestTheStartIsCountedFromTheOrder(t *testing.T) {
	t.Parallel()
	i := instance(7, "a")
	i.Actual = safetext.New("loading")
	w := Watched{}.Ordered(Order{Running: true, At: noon.Add(-8 * time.Minute)}).Seen(&i, noon)
	if !w.Startup.Began.Equal(noon.Add(-8 * time.Minute)) {
		t.Errorf("it began at %s", w.Startup.Began)
	}
	late := Watched{}.Seen(&i, noon).Ordered(Order{Running: true, At: noon.Add(-time.Minute)})
	if !late.Startup.Began.Equal(noon.Add(-time.Minute)) {
		t.Errorf("an order that is known later counts from %s", late.Startup.Began)
	}
	old := Watched{}.Ordered(Order{Running: true, At: noon.Add(-24 * time.Hour)}).Seen(&i, noon)
	if !old.Startup.Began.Equal(noon) {
		t.Error("an order of yesterday is taken for the one that led to this start")
	}
	again := w.Seen(ptrTo(instance(7, "a")), noon.Add(time.Minute)).Seen(ptrTo(instance(7, "a")), noon.Add(10*time.Minute)).Seen(&i, noon.Add(11*time.Minute))
	if !again.Startup.Began.Equal(noon.Add(11 * time.Minute)) {
		t.Errorf("a start that was not ordered counts from %s", again.Startup.Began)
	}
	up := instance(7, "a")
	up.SSHHost, up.SSHPort = safetext.New("ssh1.vast.ai"), 22
	ran := Watched{}.Seen(&up, noon).Ordered(Order{Running: true, At: noon.Add(-time.Hour)})
	if !ran.Startup.Began.Equal(noon) {
		t.Error("what is up already began to start long ago")
	}
}

func TestIdlenessIsBorneAsLongAsAskedFor(t *testing.T) {
	t.Parallel()
	i := instance(7, "a")
	i.GPUUtil, i.End = 0, noon.Add(90*24*time.Hour)
	w := Watched{}.Seen(&i, noon).Seen(&i, noon.Add(5*time.Minute))
	for idle, want := range map[time.Duration]int{0: 0, 4 * time.Minute: 1, 6 * time.Minute: 0} {
		if got := Problems(&i, noon.Add(5*time.Minute), Background{Watched: w, Idle: idle}); len(got) != want {
			t.Errorf("after 5 minutes with patience %s: %v", idle, got)
		}
	}
}

func ptrTo[T any](v T) *T { return &v }
