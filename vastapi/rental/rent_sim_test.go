package rental

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/vastsim"
)

// rented carries out the plan to rent o with opt, and reads the instance it made.
func (m *market) rented(o vastapi.Offer, opt RentOptions) *vastapi.Instance {
	m.t.Helper()
	p := must(m.t)(PlanRent(o, time.Now(), opt, m.desk()))
	r := Execute(m.t.Context(), m.deps(), p, nil)
	if len(r.Done) != len(p.Steps) || len(r.Done[0].Differences) > 0 {
		m.t.Fatalf("%+v, %v", r, r.Err)
	}
	// The list tells of volumes, the single call does not.
	page, err := m.client.Instances(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	i := findInstance(page.Instances, r.Done[0].Contract)
	if i == nil {
		m.t.Fatalf("instance %d is not listed", r.Done[0].Contract)
	}
	return i
}

func TestAnInstanceIsMadeAsTheFormAsks(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		o := m.cheapest(vastapi.OnDemand)
		env, err := ParseEnv(`-e HF_TOKEN='two words' -p 9000-9001:9000-9001 -h box`)
		if err != nil {
			t.Fatal(err)
		}
		opt := RentOptions{
			Kind: vastapi.OnDemand, Image: "ghcr.io/private/app:2.1", Disk: 32, Name: "train", Launch: LaunchOf("jupyter", true, nil),
			Env: env, OnStart: "touch /tmp/x", Login: NewLogin("ghcr.io", "ann", "hunter2"),
			Volume: VolumeChoice{Create: o.VolumeAsk, Size: 20, Name: "cache", Price: 0.1, Mount: "/data"},
		}
		if o.VolumeAsk == 0 {
			opt.Volume = VolumeChoice{}
		}
		i := m.rented(o, opt)
		if i.Image.String() != opt.Image || !RunType(i.RunType.String()).Jupyter() || !RunType(i.RunType.String()).Direct() || i.Disk != 32 {
			t.Errorf("%s %s %v", i.Image, i.RunType, i.Disk)
		}
		if (o.VolumeAsk != 0) != (len(i.Volumes) == 1) {
			t.Errorf("volumes %v of an offer with %d", i.Volumes, o.VolumeAsk)
		}
		again, _ := OptionsOf(i)
		if again.Env.Text() != env.Text() || again.Image != opt.Image || again.Name != "train" || again.Launch.Mode() != "jupyter" {
			t.Errorf("%+v, %q", again, again.Env.Text())
		}
		if bodies := m.world.Calls("PUT", "/api/v0/asks/"); len(bodies) != 1 {
			t.Errorf("%d requests", len(bodies))
		}
		m.volumeIsBilled(i)
	})
}

// volumeIsBilled holds the account's volumes against what an instance has.
func (m *market) volumeIsBilled(i *vastapi.Instance) {
	m.t.Helper()
	list, err := m.client.Volumes(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	for _, v := range i.Volumes {
		n := slices.IndexFunc(list.Volumes, func(have vastapi.Volume) bool { return have.ID == v })
		if n < 0 || list.Volumes[n].MachineID != i.MachineID || list.Volumes[n].Size != 20 {
			m.t.Errorf("volume %d of %+v", v, list.Volumes)
		}
	}
	if burn := pricing.Account([]vastapi.Instance{*i}, list.Volumes); !vastapi.Known(burn.Committed) {
		m.t.Errorf("%+v", burn)
	}
}

func TestATemplateFillsWhatTheFormLeavesEmpty(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		list, err := m.client.Templates(t.Context(), vastapi.TemplateQuery{})
		if err != nil {
			t.Fatal(err)
		}
		tried := 0
		for n := range list {
			tmpl := list[n]
			filled, err := TemplateOptions(&tmpl)
			if err != nil || tmpl.Hash == "" || filled.Launch.Mode() == "args" || filled.Disk > 100 || tried == 3 {
				continue
			}
			tried++
			i := m.rented(m.cheapest(vastapi.OnDemand), RentOptions{Template: tmpl, Disk: 32, Env: Env{"EXTRA": "1"}})
			again, _ := OptionsOf(i)
			if !strings.HasPrefix(again.Image, tmpl.Image.String()) || again.Env["EXTRA"] != "1" || again.Launch.Mode() != filled.Launch.Mode() {
				t.Errorf("%s: %+v, template %+v", tmpl.Name, again, filled)
			}
			for _, name := range filled.Env.Names() {
				if name != "PORTAL_CONFIG" && again.Env[name] != filled.Env[name] {
					t.Errorf("%s: %s is %q, in the template %q", tmpl.Name, name, again.Env[name], filled.Env[name])
				}
			}
		}
		if tried == 0 {
			t.Errorf("none of %d templates could be tried", len(list))
		}
	})
}

func TestAReservedRentalIsPaidAheadOnce(t *testing.T) {
	for name, c := range map[string]struct {
		fault                 *vastsim.Fault
		done, failed, unknown int
	}{
		"all is well":               {nil, 2, 0, 0},
		"the answer is lost":        {&vastsim.Fault{Kind: vastsim.LostAnswer, Method: "PUT", Path: "/api/v0/instances/prepay/", Times: 1}, 2, 0, 0},
		"the payment never arrives": {&vastsim.Fault{Kind: vastsim.Reset, Method: "PUT", Path: "/api/v0/instances/prepay/", Times: 1}, 1, 0, 1},
		"the payment is refused":    {&vastsim.Fault{Kind: vastsim.Status, Method: "PUT", Path: "/api/v0/instances/prepay/", Times: 1, Status: 400}, 1, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m := newMarket(t)
				if c.fault != nil {
					m.world.Fault(*c.fault)
				}
				opt := someOptions
				opt.Kind, opt.Prepay = vastapi.Reserved, 10
				p := must(t)(PlanRent(m.cheapest(vastapi.OnDemand), time.Now(), opt, m.desk()))
				r := Execute(t.Context(), m.deps(), p, nil)
				checkCounts(t, r, c.done, c.failed, 0, c.unknown, 0)
				if all := name == "all is well" || name == "the answer is lost"; r.Complete() != all {
					t.Errorf("%s: %s", r.Label(), r.Summary())
				}
				made := r.Done[0].Contract
				if calls := m.world.Calls("PUT", "/api/v0/instances/prepay/"); len(calls) != 1 || !strings.HasSuffix(calls[0].Path, "/"+made.String()+"/") || m.creates() != 1 {
					t.Errorf("%d payments %+v, %d rents", len(calls), calls, m.creates())
				}
			})
		})
	}
}
