package tuitest_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/vastapi/vastsim"
)

// desktop is one that remembers what it was shown.
type desktop struct {
	mu    sync.Mutex
	shown []command.Notice
}

func (d *desktop) show(_ context.Context, n command.Notice) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shown = append(d.shown, n)
	return nil
}

func (d *desktop) texts() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []string
	for _, n := range d.shown {
		out = append(out, n.Text)
	}
	return strings.Join(out, "\n")
}

// alerted plays with a desktop to be told.
func alerted(t *testing.T, do func(*deck, *desktop), opts ...vastsim.Option) {
	t.Helper()
	opts = append([]vastsim.Option{few}, opts...) // they last long, and are not about the market
	desk := &desktop{}
	playWith(t, 180, 40, func(deps *tui.Deps) {
		deps.Alerts = tui.Alerts{Bell: true, Desktop: command.DesktopSend}
		deps.Command.Desktop = desk.show
	}, func(d *deck) { do(d, desk) }, opts...)
}

// tenant is the id of the instance with that label.
func (d *deck) tenant(label string) int64 {
	d.t.Helper()
	for _, i := range d.world.Instances() {
		if i.Label == label {
			return i.ID
		}
	}
	d.t.Fatalf("there is no instance %q", label)
	return 0
}

func TestTroublesOfTheStartAreOneNotice(t *testing.T) {
	t.Parallel()
	alerted(t, func(d *deck, desk *desktop) {
		d.Blur()
		d.UntilHas(30*time.Second, "6 instances have problems: ")
		d.Has("1 not coming up", "1 offline", "1 outbid", "1 ending soon", "1 low on disk", "1 to cost more. 2 shows them.")
		d.Wait(time.Minute)
		if got := desk.texts(); got != "" {
			t.Errorf("the desktop is told %q", got)
		}
	}, vastsim.WithTroubles(), vastsim.WithCredit(5000))
}

func TestAnOutbidInstanceIsToldOnceAndFoundInTheActivity(t *testing.T) {
	t.Parallel()
	alerted(t, func(d *deck, desk *desktop) {
		d.loaded()
		d.Wait(20 * time.Second)
		d.Blur()
		id := d.tenant("whisper-bid")
		d.world.SetBid(id, 0.001)
		d.Until(2*time.Minute, func(s string) bool {
			return strings.Contains(s, "Instance "+itoa(id)) && strings.Contains(s, "is outbid. The price to hold is")
		})
		d.Wait(5 * time.Minute)
		if got := desk.texts(); strings.Count(got, "is outbid") != 1 || !strings.HasPrefix(got, "Instance "+itoa(id)+` "whisper-bid" is outbid. The price to hold is $`) {
			t.Errorf("the desktop is told %q", got)
		}
		d.Focus()
		d.Press("7")
		d.UntilHas(10*time.Second, "is outbid")
		d.world.SetBid(id, 5)
		d.Press("2")
		d.Wait(3 * time.Minute)
		d.Row("whisper-bid").Has("RUNNING")
	}, vastsim.WithCredit(5000))
}

func TestAnIdleGPUIsToldWithWhatItWasted(t *testing.T) {
	t.Parallel()
	alerted(t, func(d *deck, desk *desktop) {
		d.loaded()
		d.Blur()
		id := d.tenant("eval-7b")
		d.world.SetGPULoad(id, 0)
		d.Wait(14 * time.Minute)
		if got := desk.texts(); got != "" {
			t.Errorf("the desktop is told %q", got)
		}
		d.Wait(4 * time.Minute)
		if got := desk.texts(); strings.Count(got, "is idle. The GPU has not been used for 15m: $0.") != 1 {
			t.Errorf("the desktop is told %q", got)
		}
		d.world.SetGPULoad(id, -1)
		d.Wait(2 * time.Minute)
		d.world.SetGPULoad(id, 0)
		d.Wait(18 * time.Minute)
		if got := desk.texts(); strings.Count(got, "is idle") != 2 {
			t.Errorf("when it is idle once more the desktop is told %q", got)
		}
	}, vastsim.WithCredit(5000))
}

func TestReadyOfflineDiskEndAndGoneAreTold(t *testing.T) {
	t.Parallel()
	alerted(t, func(d *deck, desk *desktop) {
		d.loaded()
		d.Wait(20 * time.Second)
		d.Blur()
		id := d.tenant("sd-batch")
		for _, c := range []struct {
			do   func()
			says string
		}{
			{func() { d.world.SetInstanceStatus(id, "loading", "Pulling from vastai/comfy") }, ""},
			{func() { d.world.SetInstanceStatus(id, "running", "success") }, "is ready after"},
			{func() { d.world.SetInstanceStatus(id, "offline", "") }, "cannot be reached"},
			{func() { d.world.SetInstanceStatus(id, "running", ""); d.world.SetDiskUsed(id, 63.9) }, "has a disk that is nearly full. The disk is 100% full"},
			{func() { d.world.SetContractEnd(id, 5*time.Hour) }, "nears the end of its contract. The contract ends in 4h"},
			{func() { d.world.RaisePrice(id, 1.5) }, "is to cost more. The host asks for"},
			{func() { d.world.RemoveInstance(id) }, "is gone: it was destroyed elsewhere"},
		} {
			before := desk.texts()
			c.do()
			d.Wait(7 * time.Minute)
			if got := strings.TrimPrefix(desk.texts(), before); strings.Contains(got, c.says) != true || c.says == "" && got != "" || strings.Count(got, "Instance ") > 1 {
				t.Errorf("the desktop is told %q, want %q", got, c.says)
			}
		}
	}, vastsim.WithCredit(5000))
}

func TestOwnStopOfABidIsNoAlert(t *testing.T) {
	t.Parallel()
	alerted(t, func(d *deck, desk *desktop) {
		d.loaded()
		id := d.tenant("whisper-bid")
		d.Press("2")
		d.Until(10*time.Second, func(s string) bool { return row(s, "whisper-bid") != "" })
		d.Press("/")
		d.Type("whisper")
		d.Press("enter")
		d.Wait(2 * time.Second)
		d.Press("S")
		d.Has("Stop")
		d.Wait(time.Second)
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.Wait(time.Minute)
		d.Blur()
		d.world.SetBid(id, 0.001)
		d.Wait(5 * time.Minute)
		d.Row("whisper-bid").Has("STOPPED")
		d.Lacks("OUTBID")
		if got := desk.texts(); strings.Contains(got, "outbid") {
			t.Errorf("the desktop is told %q", got)
		}
	}, vastsim.WithCredit(5000))
}

func TestManyAlertsAtOnceAreOneNotice(t *testing.T) {
	t.Parallel()
	alerted(t, func(d *deck, desk *desktop) {
		d.loaded()
		d.Wait(30 * time.Second)
		d.Blur()
		for _, i := range d.world.Instances()[:9] {
			d.world.SetInstanceStatus(i.ID, "offline", "")
		}
		d.UntilHas(2*time.Minute, "9 instances cannot be reached.")
		d.Wait(time.Minute)
		if got := desk.texts(); got != "9 instances cannot be reached." {
			t.Errorf("the desktop is told %q", got)
		}
	}, vastsim.WithInstances(30), vastsim.WithCredit(50_000))
}
