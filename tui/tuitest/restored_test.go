package tuitest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/tui"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

// again is a run of the program on the memory that the runs before have left; prepare is
// done to the world before it begins.
func again(t *testing.T, kept *cupboard, prepare func(*deck), do func(*deck), opts ...vastsim.Option) {
	t.Helper()
	playOn(t, func(d *deck, deps *tui.Deps) {
		deps.Command.Memory = kept
		if prepare != nil {
			prepare(d)
		}
	}, do, opts...)
}

// ends leaves the program at once and writes what waits, as its end does.
func (d *deck) ends() {
	d.t.Helper()
	if err := d.Quit(); err != nil {
		d.t.Errorf("it ended with %v", err)
	}
	if err := d.model.Keep(); err != nil {
		d.t.Error(err)
	}
}

// marked are the lines of marked rows, as the list shows them.
func (d *deck) marked() (list []string) {
	for _, l := range d.Lines() {
		if strings.HasPrefix(strings.TrimLeft(l, "▌ "), "●") {
			list = append(list, l)
		}
	}
	return list
}

// came waits until the marks of the last run are back, and have been looked at.
func (d *deck) came(n int) {
	d.t.Helper()
	text, off := fmt.Sprintf("%d marks of the last run came back", n), "esc takes them off"
	if n == 1 {
		text, off = "1 mark of the last run came back", "esc takes it off"
	}
	d.UntilHas(30*time.Second, text)
	d.Has(off, fmt.Sprintf("%d marked", n))
	d.Wait(2 * time.Second)
}

// volumes makes two volumes in the world.
func (d *deck) volumes() {
	d.t.Helper()
	site := d.volumeSite()
	for _, name := range []string{"models", "data"} {
		if r := d.client().Do(context.Background(), vastapi.CreateVolume{Offer: vastapi.OfferID(site.VolumeOfferID), Size: 10, Name: name}); r.Err != nil {
			d.t.Fatal(r.Err)
		}
	}
}

func TestMarksOrderWidthsAndPlaceAreAsTheyWereLeft(t *testing.T) {
	t.Parallel()
	kept := &cupboard{}
	again(t, kept, nil, func(d *deck) {
		d.loaded()
		d.Press("2", "g", "space", "down", "down", "space", "up", "o")
		d.Press("c", ">", ">", ">", "enter")
		d.Wait(3 * time.Second)
		d.Has("2 marked")
		d.ends()
	})
	left, table := kept.kept.Left["instances"], kept.kept.Tables["instances"]
	if len(left.Marks) != 2 || left.Cursor == "" || left.Account == "" || left.At.IsZero() || table.Sort == "" || len(table.Widths) != 1 {
		t.Fatalf("it was left with %+v, %+v", left, table)
	}
	again(t, kept, nil, func(d *deck) {
		d.came(2)
		d.Has("[2 Instances")
		if line := d.cursorLine(); !strings.Contains(line, left.Cursor) {
			t.Errorf("the cursor is on %q, want %s", line, left.Cursor)
		}
		d.Press("D")
		d.Has("Destroy 2 instances", left.Marks[0], left.Marks[1])
		d.Press("esc", "esc")
		d.Lacks("marked")
		d.Wait(3 * time.Second)
		d.nothingSent()
	})
	if got := kept.kept.Left["instances"]; len(got.Marks) != 0 || got.Cursor != left.Cursor {
		t.Errorf("%+v is remembered after esc", got)
	}
	// One that is gone by then is dropped without a word.
	left.Marks, left.Cursor = append(slices.Clone(left.Marks[:1]), "7"), "7"
	kept.kept.SetLeft("instances", left)
	again(t, kept, nil, func(d *deck) {
		d.came(1)
		d.Lacks("gone")
		d.Wait(5 * time.Second)
	})
	if got := kept.kept.Left["instances"].Marks; !slices.Equal(got, left.Marks[:1]) {
		t.Errorf("%v is remembered, want %v", got, left.Marks[:1])
	}
}

// In every view that has marks they are there again after quitting, and so is the cursor. Where
// something can be destroyed, the question names each of them.
func TestMarksAndCursorComeBackInEveryView(t *testing.T) {
	t.Parallel()
	prepare := func(d *deck) { d.volumes() }
	for name, c := range map[string]struct {
		key     string
		destroy string // begins the question, "" = there is none
	}{
		"market": {"1", ""}, "instances": {"2", "Destroy 2 instances"}, "volumes": {"3", "Delete 2 volumes"}, "costs": {"5", "Delete 2 volumes"},
	} {
		kept := &cupboard{}
		var before []string
		var cursor string
		again(t, kept, prepare, func(d *deck) {
			d.loaded()
			d.Press(c.key)
			d.Wait(8 * time.Second)
			d.Press("G", "space", "up", "space")
			d.Wait(time.Second)
			before, cursor = d.marked(), d.cursorLine()
			d.ends()
		})
		if len(before) != 2 || cursor == "" {
			t.Fatalf("%s: marked were %q, the cursor on %q", name, before, cursor)
		}
		again(t, kept, prepare, func(d *deck) {
			d.came(2)
			for _, now := range d.marked() { // one may stand above the window
				if first(now) != first(before[0]) && first(now) != first(before[1]) {
					t.Errorf("%s: %q is marked, want %q", name, now, before)
				}
			}
			if now := d.cursorLine(); first(now) != first(cursor) {
				t.Errorf("%s: the cursor is on %q, want %q", name, now, cursor)
			}
			d.Wait(time.Minute)
			d.Lacks("of the last run")
			if c.destroy != "" {
				d.Press("D")
				d.Has(c.destroy)
				for _, l := range before {
					d.Has(strings.Fields(first(l))[0])
				}
				d.Press("esc")
			}
			if n := d.sent("DELETE", ""); n > 0 {
				t.Errorf("%s: %d things were destroyed", name, n)
			}
		})
	}
}

// first is what tells a row apart: its id, or how it begins, without the cursor and the mark.
func first(line string) string {
	f := strings.Fields(strings.TrimLeft(line, "▌ ●"))
	if len(f) > 0 && len(f[0]) > 6 {
		return f[0]
	}
	return strings.Join(f[:min(3, len(f))], " ")
}

func TestMarksOfBidsComeBackAmongTheBids(t *testing.T) {
	t.Parallel()
	kept := &cupboard{}
	again(t, kept, nil, func(d *deck) {
		d.loaded()
		d.Press("4")
		d.Wait(3 * time.Second)
		d.Press("g", "space")
		d.Wait(3 * time.Second)
		d.Has("1 marked")
		d.ends()
	})
	again(t, kept, nil, func(d *deck) {
		d.came(1)
		id := kept.kept.Left["bids"].Marks[0]
		if m := d.marked(); len(m) != 1 || !strings.Contains(m[0], id) {
			t.Errorf("marked are %q, want %s", m, id)
		}
		d.Press("D")
		d.Has(id)
		d.Press("esc", "2")
		d.Wait(3 * time.Second)
		d.Lacks("marked") // the lists have marks of their own
		d.nothingSent()
	})
}

// What is marked in one rental type's market stays with it, in this run and the next.
func TestMarksOfTheMarketStayWithTheirRentalType(t *testing.T) {
	t.Parallel()
	kept := &cupboard{}
	again(t, kept, nil, func(d *deck) {
		d.loaded()
		d.Press("g", "space", "down", "space")
		d.Has("2 marked")
		d.Press("t")
		d.UntilHas(30*time.Second, "Lowest bid")
		d.Wait(10 * time.Second)
		d.Lacks("marked")
		d.Press("g", "down", "down", "space")
		d.Has("1 marked")
		d.Press("t")
		d.Wait(10 * time.Second)
		d.Press("t") // over the reserved ones, back to those on demand
		d.UntilHas(10*time.Second, "2 marked")
		d.Lacks("came back") // it is this run's own doing
		d.ends()
	})
	if l := kept.kept.Left; len(l["market on-demand"].Marks) != 2 || len(l["market bid"].Marks) != 1 || len(l["market reserved"].Marks) != 0 {
		t.Fatalf("left was %+v", l)
	}
	again(t, kept, nil, func(d *deck) {
		d.came(2)
		d.Press("t")
		d.UntilHas(30*time.Second, "1 mark of the last run came back")
		d.Has("1 marked")
	})
}

func TestAnOfferThatIsGoneOrCostsMoreIsNotHidden(t *testing.T) {
	t.Parallel()
	kept := &cupboard{}
	again(t, kept, nil, func(d *deck) {
		d.loaded()
		d.Press("g", "space", "down", "space", "down", "space")
		d.Has("3 marked")
		d.ends()
	})
	offer := func(n int) int64 {
		return atoi(t, strings.Fields(kept.kept.Left["market on-demand"].Marks[n])[2])
	}
	again(t, kept, func(d *deck) {
		d.world.RemoveOffer(offer(0))
		for _, o := range d.world.Offers() {
			if o.ID == offer(1) {
				d.world.SetOfferPrice(o.ID, o.DPHBase*1.5)
			}
		}
	}, func(d *deck) {
		d.UntilHas(time.Minute, "2 marks of the last run came back, 1 costs more than it did; esc takes them off")
		d.Has("2 marked")
		d.Press("r")
		d.Has("marks of the last run have just come back")
		d.Lacks("What it costs")
		d.Wait(2 * time.Second)
		d.Press("r")
		d.Has("What it costs")
		d.nothingSent()
	})
}

// A machine that was listed anew under another id is the same choice, at no higher price.
func TestAnOfferListedAnewIsStillMarkedUnlessItCostsMore(t *testing.T) {
	t.Parallel()
	kept := &cupboard{}
	again(t, kept, nil, func(d *deck) {
		d.loaded()
		d.Press("g", "space")
		d.Wait(3 * time.Second)
		d.ends()
	})
	parts := strings.Fields(kept.kept.Left["market on-demand"].Marks[0])
	if len(parts) != 6 || parts[5] != "alone" {
		t.Fatalf("left was %q", parts)
	}
	l := kept.kept.Left["market on-demand"]
	for price, want := range map[string]int{parts[3]: 1, "9": 1, "0.001": 0} {
		l.Marks = []string{strings.Join([]string{parts[0], parts[1], "99999999", price, parts[4], "alone"}, " ")}
		other := &cupboard{}
		other.kept.SetLeft("market on-demand", l)
		again(t, other, nil, func(d *deck) {
			d.loaded()
			d.Wait(20 * time.Second)
			if n := len(d.marked()); n != want {
				t.Errorf("at %s before %d are marked, want %d\n%s", price, n, want, d.Text())
			}
		})
	}
}

// The view that a run begins in is told that it is on the screen, as one that is opened is: it asks
// for what only it shows.
func TestTheViewItBeginsInIsFilledWithoutAKey(t *testing.T) {
	t.Parallel()
	for last, want := range map[view.ID]string{view.Costs: "a month of 720 h", view.Bids: "whisper-bid", view.Sessions: "K shows the keys of the account", view.Account: "renter@example.com"} {
		kept := &cupboard{kept: feed.Memory{LastView: int(last)}}
		again(t, kept, nil, func(d *deck) {
			d.Wait(20 * time.Second)
			d.Has(want)
			if last == view.Account {
				if d.sent("GET", "/api/v0/auth/apikeys/") == 0 {
					t.Errorf("the keys were not asked for\n%s", d.Text())
				}
			}
		})
	}
}

// Keys that come before the rows, and before the marks, act on what the screen shows then.
func TestAKeyBeforeTheMarksAreBackDoesNothingSurprising(t *testing.T) {
	t.Parallel()
	kept := &cupboard{}
	again(t, kept, nil, func(d *deck) {
		d.loaded()
		d.Press("2", "g", "down", "space", "down", "space")
		d.Wait(3 * time.Second)
		d.ends()
	})
	left := kept.kept.Left["instances"]
	slow := func(d *deck) {
		d.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Delay: 5 * time.Second, Path: "/api/v1/instances/"})
		d.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Delay: 20 * time.Second, Path: "/api/v0/users/current/"})
	}
	again(t, kept, slow, func(d *deck) {
		d.Press("D", "S", "D")
		d.Has("still being loaded")
		d.UntilHas(20*time.Second, "RUNNING")
		d.Lacks("marked") // whose account it is has not been told
		d.Press("g", "D")
		d.Has("Destroy instance ")
		d.UntilHas(40*time.Second, "2 marked")
		d.Has("Destroy instance ")
		for _, id := range left.Marks {
			if _, about, _ := strings.Cut(d.Line("Destroy instance "), "Destroy instance "); strings.HasPrefix(about, id) {
				t.Errorf("the question is about %s\n%s", id, d.Text())
			}
		}
		d.Press("esc")
		if line := d.cursorLine(); strings.Contains(line, left.Cursor) {
			t.Errorf("the cursor was moved under the fingers: %q", line)
		}
		d.Wait(2 * time.Second)
		d.Press("D")
		d.Has("Destroy 2 instances", left.Marks[0], left.Marks[1])
		d.Press("esc")
		d.nothingSent()
	})
	// A key typed in the moment they come back is refused.
	again(t, kept, nil, func(d *deck) {
		d.UntilHas(30*time.Second, "2 marks of the last run came back")
		d.PressFast("D")
		d.Wait(100 * time.Millisecond)
		d.Has("marks of the last run have just come back")
		d.Lacks("Destroy 2 instances")
		d.nothingSent()
	})
}

func TestMarksOfAnotherAccountOrProfileNeverAppear(t *testing.T) {
	t.Parallel()
	kept := &cupboard{}
	again(t, kept, nil, func(d *deck) {
		d.loaded()
		d.Press("g", "space", "2", "g", "space")
		d.Wait(3 * time.Second)
		d.ends()
	})
	for list, l := range kept.kept.Left {
		l.Account += "1"
		kept.kept.SetLeft(list, l)
	}
	again(t, kept, nil, func(d *deck) {
		for _, key := range []string{"1", "2", "5", "4"} {
			d.Press(key)
			d.Wait(15 * time.Second)
			d.Lacks("came back", " marked")
		}
	})
	playProfiles(t, func(d *deck, _ *neighbour) {
		d.loaded()
		d.Press("g", "space", "2", "g", "space")
		d.Has("1 marked")
		d.switchTo("work")
		d.UntilHas(20*time.Second, "credit $5.00")
		for _, key := range []string{"1", "2"} {
			d.Press(key)
			d.Wait(15 * time.Second)
			d.Lacks("came back", " marked")
		}
	})
}

// What stands in the file may be of any shape.
func TestNamesThatAreNoneComeToNothing(t *testing.T) {
	t.Parallel()
	kept := &cupboard{}
	again(t, kept, nil, func(d *deck) {
		d.loaded()
		d.Press("2", "g", "space")
		d.Wait(3 * time.Second)
		d.ends()
	})
	good := kept.kept.Left["instances"]
	odd := []string{"", "x", "-1", "0", "1 2", "1 1 1 1 1 1", "1 99999999999 3 0.1 10 alone", "1 1 1 NaN NaN alone", "999999999999999999999999", "\x1b[2J", "i0", "g"}
	for _, list := range []string{"market on-demand", "instances", "volumes", "bids", "costs", "sessions"} {
		kept.kept.SetLeft(list, feed.Left{Account: good.Account, At: good.At, Marks: odd, Cursor: odd[5]})
	}
	kept.kept.LastView = 1
	again(t, kept, nil, func(d *deck) {
		d.loaded()
		for _, key := range []string{"1", "2", "3", "4", "5", "6"} {
			d.Press(key)
			d.Wait(15 * time.Second)
			d.Lacks("came back", " marked")
		}
		d.nothingSent()
	})
}

// Tunnels that an earlier run left marked are closed or forgotten only after a question that
// names each of them; those that were marked in this run are as before.
func TestMarkedSessionsOfAnEarlierRunAreAskedAboutFirst(t *testing.T) {
	t.Parallel()
	kept := &cupboard{}
	for n, name := range []string{"train", "eval"} {
		kept.kept.Tunnels = append(kept.kept.Tunnels, feed.SavedTunnel{Name: name, Bind: "127.0.0.1", Local: 8080 + n, Host: "localhost", Remote: 80})
	}
	again(t, kept, nil, func(d *deck) {
		d.loaded()
		d.Press("6")
		d.Wait(3 * time.Second)
		d.Press("g", "*", "down")
		d.Has("2 rows marked")
		d.ends()
	})
	again(t, kept, nil, func(d *deck) {
		d.UntilHas(30*time.Second, "2 marks of the last run came back")
		d.Press("x")
		d.Has("marks of the last run have just come back")
		d.Wait(2 * time.Second)
		d.Press("x")
		d.Has("Close 2 of what is open", "train, 127.0.0.1:8080", "eval, 127.0.0.1:8081", "no, leave it open")
		d.Press("enter")
		d.Has("2 rows marked", "127.0.0.1:8080", "127.0.0.1:8081")
		d.Press("x", "right", "enter")
		d.Wait(time.Minute)
		d.Lacks("127.0.0.1:8080", "127.0.0.1:8081")
	})
}

// Who comes to a list from another view wants to see what that view meant.
func TestTheCursorStaysWhereAnotherViewHasPutIt(t *testing.T) {
	t.Parallel()
	kept := &cupboard{}
	again(t, kept, nil, func(d *deck) {
		d.loaded()
		d.Press("2", "g", "down", "down")
		d.Wait(5 * time.Second)
		d.Press("1")
		d.Wait(time.Second)
		d.ends()
	})
	again(t, kept, func(d *deck) {
		d.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Delay: 10 * time.Second, Path: "/api/v0/users/current/"})
	}, func(d *deck) {
		d.UntilHas(30*time.Second, "offers shown")
		d.Wait(4 * time.Second)
		id := d.world.Instances()[0].ID
		d.Send(view.Focused{On: vastapi.InstanceID(id)})
		d.Press("2")
		d.say("id " + itoa(id))
		d.Wait(time.Second)
		at := d.cursorLine()
		d.Wait(30 * time.Second)
		if now := d.cursorLine(); now != at && first(now) != first(at) {
			t.Errorf("the cursor was on %q and is on %q", at, now)
		}
	})
}

func TestFiveHundredMarksAmongFiveThousandInstancesComeBack(t *testing.T) {
	t.Parallel()
	kept := &cupboard{}
	opts := []vastsim.Option{vastsim.WithInstances(5000), vastsim.WithOffers(40)}
	var account string
	again(t, kept, func(d *deck) {
		u, err := d.client().User(context.Background())
		if err != nil {
			d.t.Fatal(err)
		}
		account = itoa(u.ID)
		l := feed.Left{Account: account, At: time.Now()}
		for n, i := range d.world.Instances() {
			if n%10 == 0 {
				l.Marks = append(l.Marks, itoa(i.ID))
			}
			if n == 4321 {
				l.Cursor = itoa(i.ID)
			}
		}
		kept.kept.SetLeft("instances", l)
		kept.kept.LastView = 2
	}, func(d *deck) {
		d.UntilHas(10*time.Minute, "500 marks of the last run came back")
		d.Has("500 marked")
		if line := d.cursorLine(); !strings.Contains(line, kept.kept.Left["instances"].Cursor) {
			t.Errorf("the cursor is on %q", line)
		}
	}, opts...)
}

// A run that only looks sends nothing, whatever is pressed, and every key that would change
// something says why it does not.
func TestAReadOnlyRunSendsNothingWhateverIsPressed(t *testing.T) {
	t.Parallel()
	playWith(t, 130, 36, func(deps *tui.Deps) { deps.ReadOnly = true }, func(d *deck) {
		d.loaded()
		for view, keys := range map[string][]string{
			"1": {"r", "b", "R"}, "2": {"S", "B", "R", "n", "D", "a"}, "3": {"n", "K", "D"}, "4": {"n", "b", "h", "D", "r"},
		} {
			for _, key := range keys {
				d.Press(view, "g", key)
				d.Wait(500 * time.Millisecond)
				d.Press("enter", "tab", "enter")
				d.Wait(time.Second)
				d.Press("enter", "esc", "esc", "esc")
			}
		}
		d.Press("2", "*", "D")
		d.Has("this run is read-only")
		d.Press("space", "space", "esc", "g", "n")
		d.Has("this run is read-only")
		d.Wait(time.Minute)
		d.nothingSent()
	})
}
