package tuitest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/vastsim"
)

// body is a search as it was sent.
func (d *deck) lastSearch() map[string]any {
	d.t.Helper()
	calls := d.world.Calls("POST", "/api/v0/bundles/")
	var body map[string]any
	if err := json.Unmarshal([]byte(calls[len(calls)-1].Body), &body); err != nil {
		d.t.Fatal(err)
	}
	return body
}

// soon waits until all texts are on the screen.
func (d *deck) soon(limit time.Duration, texts ...string) {
	d.t.Helper()
	for _, text := range texts {
		d.UntilHas(limit, text)
	}
}

func TestBidsAreAMarketOfTheirOwn(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Has(" on-demand · ")
		d.Press("t")
		d.soon(20*time.Second, "Lowest bid", "[1 Market", " bid", " bid · ")
		d.Wait(8 * time.Second)
		if got := d.lastSearch()["type"]; got != "bid" {
			t.Errorf("asked for %v", got)
		}
		d.Lacks("has left the market")
		d.Press("t")
		d.soon(20*time.Second, "Reserved", " reserved · ")
		d.Press("t")
		d.soon(20*time.Second, " on-demand · ", "$/h")
	})
}

func TestWorkloadIsSentAndKeptForTheNextStart(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Press("$")
		d.Has("What prices are worked out for", "traffic out")
		d.Press("ctrl+u")
		d.Type("-4")
		d.Press("enter", "enter", "enter", "enter")
		d.Has("a disk of 8 GB to 100 TB")
		d.Press("ctrl+u")
		d.Type("250")
		d.Press("enter", "ctrl+u")
		d.Type("48")
		d.Press("enter", "enter", "enter")
		d.soon(20*time.Second, "prices with a 250 GB disk, 2d")
		d.Wait(10 * time.Second)
		if got := d.lastSearch()["allocated_storage"]; got != 250.0 {
			t.Errorf("asked with a disk of %v", got)
		}
		d.Press("E")
		d.Has("all-in", "the whole job", "÷ 720 h")
		d.Press("esc")
		d.Press("r")
		d.Has("250")
	})
}

func TestBlockedHostIsGoneFromListAndSearch(t *testing.T) {
	t.Parallel()
	play(t, 180, 70, func(d *deck) {
		d.loaded()
		d.Press("enter")
		host := strings.Fields(strings.SplitAfter(d.Line("HOST "), "host ")[1])[0]
		machine := strings.Fields(strings.SplitAfter(d.Line("HOST "), "machine ")[1])[0]
		machine = strings.TrimSuffix(machine, ",")
		d.Press("x", "right", "enter")
		d.Type("slow disk")
		d.Press("enter", "enter")
		d.soon(10*time.Second, " blocked]", "host "+host+" is hidden")
		d.Press("ctrl+r")
		d.Wait(15 * time.Second)
		if got := fmt.Sprint(d.lastSearch()["host_id"]); !strings.Contains(got, "notin") || !strings.Contains(got, host[:3]) {
			t.Errorf("the search says %s about hosts", got)
		}
		if strings.Contains(d.Line("HOST "), "host "+host) {
			t.Errorf("the blocked host is still there\n%s", d.Text())
		}
		d.Press("X")
		d.Has("slow disk", "for another 6d")
		d.Press("D", "esc")
		d.UntilHas(30*time.Second, "offers shown")
		d.Lacks("blocked]")
	})
}

func TestSavedSearchIsATabAndComesBack(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("H100 num_gpus>=4")
		d.Press("enter", "ctrl+s")
		d.Has("Save this search")
		d.Type("big")
		d.Press("enter")
		d.UntilHas(5*time.Second, "[big ")
		d.Press("esc", "esc")
		d.Lacks("/H100")
		d.Press("'")
		d.Has("on-demand · H100 num_gpus>=4")
		d.Press("enter")
		d.soon(5*time.Second, "/H100 num_gpus>=4", "[big ")
	})
}

func TestWatchedMachineThatGoesAndComesIsToldOf(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Press("w", "enter", "esc")
		d.soon(2*time.Minute, "1 watched, all on the market")
		d.world.RemoveOffer(cheapestShown(d))
		d.Until(5*time.Minute, func(s string) bool {
			return strings.Contains(s, "1 watched, 1 gone") || strings.Contains(s, "has left the market")
		})
	})
}

// cheapestShown is the id of the offer under the cursor.
func cheapestShown(d *deck) int64 {
	d.Press("enter")
	id := offerIn(d.t, d.Line("Offer "))
	d.Press("esc")
	return id
}

func TestGoneMachineStaysGreyForAWhile(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.world.RemoveOffer(cheapestShown(d))
		d.Press("ctrl+r")
		d.soon(30*time.Second, "GONE", "1 GONE")
		d.Press("r")
		d.Has("left the market")
		d.Lacks("Continue to the plan")
		d.Until(2*time.Minute, func(s string) bool { return !strings.Contains(s, "GONE 1×") })
		d.Has("the offer under the cursor has left the market")
		d.Press("r")
		d.Lacks("Continue to the plan")
	})
}

func TestServerThatIgnoresTheFilterIsCountedAndNotShown(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.world.Fault(vastsim.Fault{Kind: vastsim.LyingFilter, Path: "/api/v0/bundles/"})
		d.Press("/")
		d.Type("num_gpus>=4 verified=any")
		d.Press("enter")
		d.UntilHas(time.Minute, "rows ignored the filter]")
		for _, l := range d.Lines()[4:20] {
			if n := strings.TrimSpace(l); n != "" && !strings.Contains(l, "4×") && !strings.Contains(l, "8×") {
				t.Fatalf("a row has fewer GPUs: %q\n%s", l, d.Text())
			}
		}
	})
}

func TestAbsurdAnswersAreCountedAndNotRented(t *testing.T) {
	t.Parallel()
	for kind, want := range map[vastsim.Kind]string{vastsim.AbsurdPrices: "without a price", vastsim.BadRow: "1 row could not be read"} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			play(t, 140, 30, func(d *deck) {
				d.world.Fault(vastsim.Fault{Kind: kind, Path: "/api/v0/bundles/"})
				d.soon(time.Minute, "offers shown", want)
				d.Lacks("$-", "-$")
			})
		})
	}
	t.Run("every row twice", func(t *testing.T) {
		t.Parallel()
		play(t, 140, 30, func(d *deck) {
			d.loaded()
			once := d.Line("offers shown")
			d.world.Fault(vastsim.Fault{Kind: vastsim.DuplicateOffers, Path: "/api/v0/bundles/"})
			d.Press("ctrl+r")
			d.Wait(20 * time.Second)
			if again := d.Line("offers shown"); again != once {
				t.Errorf("shown were\n%s\nand are\n%s", once, again)
			}
		})
	})
}

func TestColumnsAreChosenOnTheScreen(t *testing.T) {
	t.Parallel()
	play(t, 200, 70, func(d *deck) {
		d.loaded()
		d.Has("DLPerf")
		d.Press("c")
		d.Has("[ ] NVLink", "[x] DLPerf")
		d.Press("/")
		d.Type("deep learning") // what is typed here is no key of the program
		d.Press("enter", "space", "esc", "/")
		d.Type("nvlink")
		d.Press("enter", "space", "esc", "enter")
		d.Lacks("DLPerf")
		d.Press("c")
		d.Has("[x] NVLink", "[ ] DLPerf")
		d.Press("esc")
		d.Has("offers shown")
	})
}

func TestMarkedMachinesStandSideBySide(t *testing.T) {
	t.Parallel()
	play(t, 140, 44, func(d *deck) {
		d.loaded()
		d.Press("=")
		d.Has("space marks offers")
		d.Press("space", "down", "space", "down", "space", "=")
		d.Has("reliability", "total", "all in", "DLPerf for $1/h")
		d.Press("esc", "esc")
		d.Lacks("marked")
	})
}

func TestPastedCommandLineBecomesTheSearch(t *testing.T) {
	t.Parallel()
	play(t, 160, 30, func(d *deck) {
		d.loaded()
		d.Paste("vastai search offers 'gpu_name=RTX_4090 num_gpus>=2' -o 'dlperf-' -t bid --storage 40\n")
		d.soon(20*time.Second, "gpu_name=", "num_gpus>=2", " bid · ", "40 GB disk", "DLPerf▼")
		d.Wait(10 * time.Second)
		if got := d.lastSearch(); got["type"] != "bid" || got["allocated_storage"] != 40.0 {
			t.Errorf("asked was %v", got)
		}
		d.Press("C")
		d.Has("vastai search offers")
	})
}

func TestEmptySearchSaysWhichConditionToDrop(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("4090 num_gpus>=2 dph<0.01")
		d.Press("enter")
		d.soon(20*time.Second, "remove dph", "offers")
		d.Press("-")
		d.UntilHas(5*time.Second, "/4090 num_gpus>=2")
		d.Lacks("dph<0.01")
	})
}

func TestCompletionIsTakenOnTheScreen(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Wait(2 * time.Second)
		d.Type("reliab")
		d.Has("reliability", "0 to 1")
		d.Press("tab")
		d.Has("/reliability")
		d.Press("esc")
		d.Has("/reliab ")
		d.Press("esc")
		d.Wait(time.Second)
		d.Press("down")
		d.Has("offers shown")
	})
}

func TestReportsAndRawJSONAreReadOnDemand(t *testing.T) {
	t.Parallel()
	play(t, 180, 60, func(d *deck) {
		d.loaded()
		d.Press("p")
		for range 20 {
			d.Press("}")
		}
		d.soon(20*time.Second, "REPORTS", "what renters reported")
		d.Lacks("asking…")
		d.Press("J")
		d.soon(20*time.Second, "as the server gives it now", `"gpu_name"`)
		d.Press("/")
		d.Type("min_bid")
		d.Press("enter")
		d.Has("min_bid")
		d.Press("esc", "esc")
		d.Has("offers shown")
	})
}
