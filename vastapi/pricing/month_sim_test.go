package pricing_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/vastsim"
)

const day = 24 * time.Hour

// bill is what one contract came to, by the kinds of the charges.
type bill map[string]float64

// month adds up what pricing says of every reading, from one change to the next.
type month struct {
	t      *testing.T
	world  *vastsim.World
	client *vastapi.Client

	began     time.Time
	at        time.Time
	instances []vastapi.Instance
	volumes   []vastapi.Volume
	seen      string          // what the readings were like
	away      map[int64]bool  // volumes whose machine had no connection, which their rows do not tell
	bills     map[string]bill // by source: "instance-7", "volume-3"
	down, up  map[string]vastapi.PerGB
	states    map[string]int // how often an instance was seen to be so
	reads     int
}

func newMonth(t *testing.T, opts ...vastsim.Option) *month {
	t.Helper()
	world := vastsim.New(opts...)
	client, err := vastapi.New(vastapi.WithTransport(world.Transport()), vastapi.WithIntervals(vastapi.Intervals{}),
		vastapi.WithKey(vastapi.KeyFunc(func() string { return "sim" })))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	m := &month{t: t, world: world, client: client, began: time.Now(), at: time.Now(), bills: map[string]bill{},
		down: map[string]vastapi.PerGB{}, up: map[string]vastapi.PerGB{}, states: map[string]int{}}
	m.read()
	return m
}

// read takes in how everything stands now.
func (m *month) read() {
	m.t.Helper()
	m.reads++
	page, err := m.client.Instances(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	volumes, err := m.client.Volumes(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	if now := time.Now(); !now.Equal(m.at) {
		m.t.Fatalf("reading took %s", now.Sub(m.at))
	}
	m.instances, m.volumes, m.seen = page.Instances, volumes.Volumes, m.look()
	m.away = map[int64]bool{}
	for _, v := range m.world.Volumes() {
		m.away[v.ID] = v.Away
	}
	for n := range m.instances {
		i := &m.instances[n]
		source := fmt.Sprintf("instance-%d", i.ID)
		m.down[source], m.up[source] = i.InetDownCost, i.InetUpCost
		m.states[i.Actual.String()]++
		told := i.BilledNow
		i.BilledNow = vastapi.Unknown[vastapi.Rate]() // pricing has to work it out
		if math.Abs(float64(pricing.Now(i)-told)) > 1e-6 {
			m.t.Errorf("%s %s: the server bills %v, pricing says %v", source, i.Actual, told, pricing.Now(i))
		}
	}
}

// look is a glance at the world, to see whether it has to be read.
func (m *month) look() string {
	var b strings.Builder
	for _, s := range m.world.Instances() {
		fmt.Fprintln(&b, s.ID, s.Actual, s.Cur, s.Intended, s.BidPrice, s.DPH, s.StorageCost, s.DiskGB, s.BilledNow)
	}
	for _, v := range m.world.Volumes() {
		fmt.Fprintln(&b, v.ID, v.Size, v.Cost, v.Away)
	}
	return b.String()
}

// add bills what was read last for the time until now.
func (m *month) add() {
	now := time.Now()
	hours := now.Sub(m.at).Hours()
	m.at = now
	to := func(source, kind string, r vastapi.Rate) {
		if m.bills[source] == nil {
			m.bills[source] = bill{}
		}
		m.bills[source][kind] += float64(r) * hours
	}
	for n := range m.instances {
		i := &m.instances[n]
		if i.Cur.String() == "unloaded" {
			continue // it was destroyed: its row stays for some seconds, its bill is closed
		}
		source := fmt.Sprintf("instance-%d", i.ID)
		all := pricing.Now(i)
		disk := min(all, pricing.Stopped(i))
		to(source, "disk", disk)
		to(source, "gpu", all-disk)
	}
	for n := range m.volumes {
		v := &m.volumes[n]
		if m.away[int64(v.ID)] {
			continue
		}
		to(fmt.Sprintf("volume-%d", v.ID), "disk", v.Hourly)
	}
}

// until lets the world go on, stopping at everything that happens in it.
func (m *month) until(end time.Time) {
	m.t.Helper()
	for {
		next := m.world.NextChange()
		if next.IsZero() || next.After(end) {
			next = end
		}
		time.Sleep(time.Until(next))
		if now := m.look(); now != m.seen || next.Equal(end) {
			m.add()
			m.read()
		}
		if next.Equal(end) {
			return
		}
	}
}

// do changes something at a moment of the month, and reads what came of it.
func (m *month) do(at time.Duration, method, path string, body any) map[string]any {
	m.t.Helper()
	m.until(m.began.Add(at))
	data, err := json.Marshal(body)
	if err != nil {
		m.t.Fatal(err)
	}
	r, err := http.NewRequest(method, "https://console.example"+path, bytes.NewReader(data))
	if err != nil {
		m.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer sim")
	resp, err := m.world.Transport().RoundTrip(r)
	if err != nil {
		m.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		m.t.Fatalf("%s %s: %d %s %v", method, path, resp.StatusCode, text, err)
	}
	var v map[string]any
	if err := json.Unmarshal(text, &v); err != nil {
		m.t.Fatal(err)
	}
	m.add()
	m.read()
	return v
}

// named is the instance with a label.
func (m *month) named(label string) vastsim.InstanceState {
	m.t.Helper()
	for _, s := range m.world.Instances() {
		if s.Label == label {
			return s
		}
	}
	m.t.Fatalf("no instance is called %s", label)
	return vastsim.InstanceState{}
}

// charged is what the API says of the whole month, with the GB of its traffic priced
// as the instances told.
func (m *month) charged() map[string]bill {
	m.t.Helper()
	list, cut, err := m.client.Charges(m.t.Context(), m.began, m.at)
	if err != nil || cut {
		m.t.Fatal(cut, err)
	}
	out := map[string]bill{}
	for _, c := range list {
		source := fmt.Sprintf("instance-%d", c.Instance)
		if c.Volume != 0 {
			source = fmt.Sprintf("volume-%d", c.Volume)
		}
		if out[source] == nil {
			out[source] = bill{}
		}
		for _, item := range c.Items {
			out[source][item.Kind] += float64(item.Amount)
			per := map[string]vastapi.PerGB{"bwd": m.down[source], "bwu": m.up[source]}
			if price, traffic := per[item.Kind]; traffic {
				word, _, _ := strings.Cut(item.Description.String(), " ")
				gb, err := strconv.ParseFloat(word, 64)
				if err != nil {
					m.t.Fatalf("%q tells no GB", item.Description)
				}
				if m.bills[source] == nil {
					m.bills[source] = bill{}
				}
				m.bills[source][item.Kind] += gb * float64(price)
			}
		}
	}
	return out
}

// TestAMonthCostsWhatTheServerCharges plays thirty days of the default account in a
// market in which bids are beaten: it is stopped and started, outbid, given more,
// made dearer, rented, destroyed.
func TestAMonthCostsWhatTheServerCharges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMonth(t, vastsim.WithCredit(20_000), vastsim.WithOffers(120))
		at := func(id int64) string { return fmt.Sprintf("/api/v0/instances/%d/", id) }
		stopped, running := map[string]any{"state": "stopped"}, map[string]any{"state": "running"}
		eval, batch, bid, old := m.named("eval-7b").ID, m.named("sd-batch").ID, m.named("whisper-bid"), m.named("old-notebook").ID

		m.do(31*time.Hour+7*time.Minute, "PUT", at(eval), stopped)
		increase := m.world.RaisePrice(batch, 1.25)
		m.do(3*day, "PUT", "/api/v0/instances/accept-price-increase/", map[string]any{"pending_price_increase_id": increase})
		m.do(3*day+5*time.Hour, "PUT", at(eval), running)
		m.until(m.began.Add(4*day + time.Minute))
		var offer vastsim.OfferState
		for _, o := range m.world.Offers() {
			if o.Rentable && o.Verified && o.DiskGB > 200 && o.VolumeOfferID != 0 && o.NumGPUs == 1 {
				offer = o
				break
			}
		}
		rented := m.do(4*day+time.Minute, "PUT", fmt.Sprintf("/api/v0/asks/%d/", offer.ID), map[string]any{
			"client_id": "me", "image": "pytorch/pytorch:latest", "disk": 55, "runtype": "ssh_direc ssh_proxy", "label": "new-one",
		})
		id := int64(rented["new_contract"].(float64))
		volume := m.do(5*day+11*time.Second, "PUT", "/api/v0/volumes/", map[string]any{"size": 30, "id": offer.VolumeOfferID, "name": "cache"})
		m.do(6*day+13*time.Minute, "PUT", fmt.Sprintf("/api/v0/instances/bid_price/%d/", bid.ID), map[string]any{"client_id": "me", "price": bid.BidPrice * 1.15})
		m.do(7*day, "PUT", fmt.Sprintf("/api/v0/instances/reboot/%d/", eval), map[string]any{})
		m.do(9*day, "DELETE", at(old), map[string]any{})
		m.do(12*day, "DELETE", fmt.Sprintf("/api/v0/volumes/?id=%d", int64(volume["volume_id"].(float64))), map[string]any{})
		m.do(20*day+time.Second/2, "DELETE", at(id), map[string]any{})
		m.until(m.began.Add(30 * day))

		charged := m.charged()
		kinds := map[string]int{}
		sources := map[string]bool{}
		for source := range charged {
			sources[source] = true
		}
		for source := range m.bills {
			sources[source] = true
		}
		sum := 0.0
		for source := range sources {
			for _, kind := range []string{"gpu", "disk", "bwd", "bwu"} {
				is, want := m.bills[source][kind], charged[source][kind]
				if math.Abs(is-want) >= 0.005 {
					t.Errorf("%s %s: pricing says $%.4f, the server charges $%.4f", source, kind, is, want)
				}
				if want > 0 {
					kinds[kind]++
				}
				sum += want
			}
		}
		for _, kind := range []string{"gpu", "disk", "bwd", "bwu"} {
			if kinds[kind] < 4 {
				t.Errorf("only %d contracts were charged for %s", kinds[kind], kind)
			}
		}
		outbids := 0
		for n := range m.instances {
			if m.instances[n].Bid {
				outbids++
			}
		}
		t.Logf("$%.2f for %d contracts, %d readings, seen %v, bids left %d", sum, len(sources), m.reads, m.states, outbids)
		if m.states["exited"] < 20 || m.states["loading"] < 20 {
			t.Errorf("the bid was hardly ever beaten: %v", m.states)
		}
	})
}
