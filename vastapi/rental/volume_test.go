package rental

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
	"vastdeck/vastapi/vastsim"
)

func diskPlace(id vastapi.OfferID, machine vastapi.MachineID, price vastapi.PerGBMonth) vastapi.Offer {
	return vastapi.Offer{ID: id, MachineID: machine, HostID: 42, DiskSpace: 900.5, StorageCost: price, Geolocation: safetext.New("Bavaria, DE"), Country: "DE", Duration: 20 * 24 * time.Hour}
}

func kept881() vastapi.Volume {
	return vastapi.Volume{ID: 20118881, Name: safetext.New("hf_cache"), MachineID: 512, Size: 200, StorageCost: 0.1, Hourly: vastapi.PerGBMonth(0.1).Hourly(200)}
}

func TestThePlansForVolumesSayWhatWillHappen(t *testing.T) {
	t.Parallel()
	d := fixed()
	other := kept881()
	other.ID, other.Name = 20118999, safetext.Text{}
	for name, make := range map[string]func() (Plan, error){
		"volume-create": func() (Plan, error) {
			return PlanCreateVolume(diskPlace(77, 512, 0.1), d.Now, NewVolume{Size: 200, Name: "cache"}, d)
		},
		"volume-clone":      func() (Plan, error) { return PlanCloneVolume(kept881(), diskPlace(78, 513, 0.08), d.Now, 0, d) },
		"volume-delete":     func() (Plan, error) { return PlanDeleteVolumes([]vastapi.Volume{kept881()}, d) },
		"volume-delete-two": func() (Plan, error) { return PlanDeleteVolumes([]vastapi.Volume{kept881(), other}, d) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name, draw(must(t)(make())))
		})
	}
}

func TestAVolumeOf200GBAtTenCentsCosts20DollarsAMonth(t *testing.T) {
	t.Parallel()
	p := must(t)(PlanCreateVolume(diskPlace(77, 512, 0.1), noon, NewVolume{Size: 200}, fixed()))
	if got := monthly(p.Steps[0].Rate); got != "$20.00 a month" {
		t.Error(got)
	}
}

// TestAStoragePriceIsTakenToATenthOfACent holds that a price of 3.5 cents is neither shown as
// one of 4 nor taken for one of 4.4, which is a quarter more.
func TestAStoragePriceIsTakenToATenthOfACent(t *testing.T) {
	t.Parallel()
	p := must(t)(PlanCreateVolume(diskPlace(77, 512, 0.035), noon, NewVolume{Size: 50}, fixed()))
	if text := fmt.Sprint(p.Facts); !strings.Contains(text, "$0.035 a GB and month") || !strings.Contains(text, "$1.75 a month") {
		t.Error(text)
	}
	if text := fmt.Sprint(must(t)(PlanCreateVolume(diskPlace(77, 512, 0.1), noon, NewVolume{Size: 50}, fixed())).Facts); !strings.Contains(text, "$0.10 a GB and month") {
		t.Error(text)
	}
	fact := p.Basis.Facts[0]
	if c := fact.againstPlaces([]vastapi.Offer{diskPlace(77, 512, 0.035)}); c != nil {
		t.Errorf("the same price counts as a change: %+v", c)
	}
	if c := fact.againstPlaces([]vastapi.Offer{diskPlace(77, 512, 0.044)}); len(c) != 1 || c[0].Lower {
		t.Errorf("a quarter more is told as %+v", c)
	}
}

func TestAVolumeIsRefusedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	d := fixed()
	d.Instances = []vastapi.Instance{instance(5, "train-1")}
	busy := kept881()
	busy.Instances = []vastapi.InstanceID{5}
	free := diskPlace(77, 512, 0.1)
	for name, make := range map[string]func() (Plan, error){
		"instance 5 \"train-1\"": func() (Plan, error) { return PlanDeleteVolumes([]vastapi.Volume{kept881(), busy}, d) },
		"no volume is chosen":    func() (Plan, error) { return PlanDeleteVolumes(nil, d) },
		"900 GB at most":         func() (Plan, error) { return PlanCreateVolume(free, noon, NewVolume{Size: 901}, d) },
		"whole gigabytes":        func() (Plan, error) { return PlanCreateVolume(free, noon, NewVolume{Size: 1.5}, d) },
		"letters, digits and _":  func() (Plan, error) { return PlanCreateVolume(free, noon, NewVolume{Size: 5, Name: "my cache"}, d) },
		"price of this place": func() (Plan, error) {
			return PlanCreateVolume(diskPlace(77, 512, vastapi.Unknown[vastapi.PerGBMonth]()), noon, NewVolume{Size: 5}, d)
		},
		"at least the size": func() (Plan, error) { return PlanCloneVolume(kept881(), free, noon, 100, d) },
	} {
		p, err := make()
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v, %+v", name, err, p.Steps)
		}
	}
}

func TestTheNameOfAVolumeIsTypedToDeleteIt(t *testing.T) {
	t.Parallel()
	unnamed, odd := kept881(), kept881()
	unnamed.Name, odd.Name = safetext.Text{}, safetext.New("näme x")
	for _, c := range []struct {
		v    vastapi.Volume
		want string
	}{{kept881(), "hf_cache"}, {unnamed, "8881"}, {odd, "8881"}} {
		p := must(t)(PlanDeleteVolumes([]vastapi.Volume{c.v}, fixed()))
		if p.Consent.Kind != ConsentType || p.Consent.Words != c.want || p.Consent.Agrees("") {
			t.Errorf("%+v, want %q", p.Consent, c.want)
		}
	}
}

func TestVolumeIDsAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]vastapi.VolumeID{
		"123": 123, "vol-789012": 789012, "V.881": 881, " 7 ": 7,
		"": 0, "vol-": 0, "-5": 0, "V.": 0, "vol-1x": 0, "0": 0, "vol-V.3": 0, "99999999999999999999": 0, "１２": 0,
	} {
		if got, ok := ParseVolumeID(text); got != want || ok != (want != 0) {
			t.Errorf("%q: %d, %t", text, got, ok)
		}
	}
}

// somewhere is a place for a volume and what exists.
func (m *market) somewhere(size vastapi.GB) (vastapi.Offer, time.Time) {
	m.t.Helper()
	page, err := m.client.SearchVolumes(m.t.Context(), vastapi.OfferSearch{Filter: vastapi.Filter{"disk_space": {"gte": 500}}, Storage: size})
	if err != nil || len(page.Offers) == 0 {
		m.t.Fatalf("%d places, %v", len(page.Offers), err)
	}
	return page.Offers[0], time.Now()
}

func (m *market) volumes() []vastapi.Volume {
	m.t.Helper()
	list, err := m.client.Volumes(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	return list.Volumes
}

func (m *market) volumeDesk() Desk {
	d := m.desk()
	d.Volumes = m.volumes()
	return d
}

func TestAVolumeIsMadeCopiedDeletedAndSeen(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		before := len(m.volumes())
		o, at := m.somewhere(50)
		made := m.run(PlanCreateVolume(o, at, NewVolume{Size: 50, Name: "cache"}, m.volumeDesk()))
		checkCounts(t, made, 1, 0, 0, 0, 0)
		v, there := volumeOf(m.volumes(), made.Done[0].Volume)
		if !there || !made.Done[0].Verified || v.Name.String() != "cache" || v.Size != 50 || v.MachineID != o.MachineID {
			t.Fatalf("%+v, %+v", made.Done[0], v)
		}
		copied := m.run(PlanCloneVolume(v, o, time.Now(), 0, m.volumeDesk()))
		checkCounts(t, copied, 1, 0, 0, 0, 0)
		c, there := volumeOf(m.volumes(), copied.Done[0].Volume)
		if !there || c.ID == v.ID {
			t.Fatalf("%+v", copied.Done[0])
		}
		r := m.run(PlanDeleteVolumes([]vastapi.Volume{v, c}, m.volumeDesk()))
		checkCounts(t, r, 2, 0, 0, 0, 0)
		if len(m.volumes()) != before || !r.Complete() {
			t.Errorf("%d volumes, %s", len(m.volumes()), r.Label())
		}
		again := m.run(PlanDeleteVolumes([]vastapi.Volume{v}, m.volumeDesk()))
		if len(again.Skipped)+len(again.Done) != 1 || len(m.world.Calls("DELETE", "/api/v0/volumes/")) > 3 {
			t.Errorf("%+v", again)
		}
	})
}

func TestAVolumeWhoseAnswerIsLostIsLookedForAndNeverMadeTwice(t *testing.T) {
	for name, c := range map[string]struct {
		kind         vastsim.Kind
		done, failed int
	}{
		"it was made": {vastsim.LostAnswer, 1, 0},
		"it was not":  {vastsim.Reset, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m := newMarket(t)
				before := len(m.volumes())
				o, at := m.somewhere(50)
				d := m.volumeDesk()
				m.world.Fault(vastsim.Fault{Kind: c.kind, Method: "PUT", Path: "/api/v0/volumes/", Times: 1})
				r := m.run(PlanCreateVolume(o, at, NewVolume{Size: 50, Name: "cache"}, d))
				checkCounts(t, r, c.done, c.failed, 0, 0, 0)
				if n := len(m.world.Calls("PUT", "/api/v0/volumes/")); n != 1 || len(m.volumes()) != before+c.done {
					t.Errorf("%d requests, %d volumes", n, len(m.volumes()))
				}
				if c.done == 1 && r.Done[0].Volume == 0 {
					t.Errorf("%+v", r.Done[0])
				}
				ops, err := Open(m.j)
				if err != nil || len(ops.Open()) != 0 || ops.Reserved() != 0 {
					t.Errorf("%+v, %v", ops.Open(), err)
				}
			})
		})
	}
}

func TestARestartFindsTheVolumeThatACrashLeftOpen(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		o, at := m.somewhere(50)
		p := must(t)(PlanCreateVolume(o, at, NewVolume{Size: 50, Name: "cache"}, m.volumeDesk()))
		intent := intentOf("", p.ID, p.ID+"/0", p.Steps[0])
		intent.NewestV = p.Basis.NewestVolume
		if err := errors.Join(write(m.j, intent), write(m.j, record{Kind: recordSent, Plan: p.ID, Op: p.ID + "/0"})); err != nil {
			t.Fatal(err)
		}
		if res := m.client.Do(t.Context(), p.Steps[0].Call); res.Outcome != vastapi.OutcomeConfirmed {
			t.Fatal(res.Err)
		}
		ops, err := Open(m.j)
		if err != nil || len(ops.Open()) != 1 || !(ops.Reserved() > 0) {
			t.Fatalf("%+v, %v", ops.Open(), err)
		}
		settled, err := Recover(t.Context(), m.deps(), nil)
		if err != nil || len(settled) != 1 || settled[0].State != OpConfirmed {
			t.Errorf("%+v, %v", settled, err)
		}
	})
}

func TestAPlaceThatIsDearerNowIsNotTaken(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		o, _ := m.somewhere(50)
		o.StorageCost /= 2 // what was shown
		r := m.run(PlanCreateVolume(o, time.Now().Add(-time.Minute), NewVolume{Size: 50}, m.volumeDesk()))
		if !errors.Is(r.Err, ErrMoved) || len(r.Moved) != 1 || len(m.world.Calls("PUT", "/api/v0/volumes/")) != 0 {
			t.Errorf("%v, %+v", r.Err, r.Moved)
		}
	})
}

func TestAVolumeThatIsHeldMeanwhileIsNotDeleted(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		var held vastapi.Volume
		for _, v := range m.volumes() {
			if len(v.Instances) > 0 {
				held = v
			}
		}
		if held.ID == 0 {
			t.Fatal("no volume is held")
		}
		shown := held
		shown.Instances = nil // as it was when the plan was made
		d := m.volumeDesk()
		d.At = time.Now().Add(-time.Minute)
		r := m.run(PlanDeleteVolumes([]vastapi.Volume{shown}, d))
		if !errors.Is(r.Err, ErrMoved) || len(m.world.Calls("DELETE", "/api/v0/volumes/")) != 0 {
			t.Errorf("%v, %+v", r.Err, r)
		}
	})
}
