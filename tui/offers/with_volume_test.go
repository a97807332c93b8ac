package offers

import (
	"strings"
	"testing"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// volumes is an answer with these volumes.
func (s *stage) volumes(list ...vastapi.Volume) {
	s.hear(command.VolumesLoaded{Answer: command.Answer{At: s.now}, List: vastapi.VolumeList{Volumes: list}})
}

// fieldOf is a field of a form.
func fieldOf(f view.Form, key string) (view.Field, bool) {
	for _, field := range f.Fields {
		if field.Key == key {
			return field, true
		}
	}
	return view.Field{}, false
}

func TestRentFormLinksTheVolumeThatAnInstanceIsRentedWith(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	machine := three()[0].MachineID
	s.volumes(vastapi.Volume{ID: 881, Name: safetext.New("models"), MachineID: machine, Size: 50})
	e := s.granted(s.m.Update(s.env(), view.Focused{On: view.RentWith{Volume: 881, Machine: machine, Mount: "/models"}}))
	if toast, ok := e.Intents[0].(view.Toast); !ok || !strings.Contains(toast.Text, "volume 881 linked") {
		t.Errorf("it says %+v", e.Intents)
	}
	if got := s.m.line.Value(); got != machineQuery(machine) {
		t.Errorf("the market is asked for %q", got)
	}
	s.settle(e, 5)
	f := s.rentForm()
	volume, _ := fieldOf(f, fVolume)
	mount, _ := fieldOf(f, fMount)
	if volume.Value != "881" || mount.Value != "/models" {
		t.Fatalf("the form has volume %q at %q", volume.Value, mount.Value)
	}
	call := plan(t, s.submitRent(f, nil)).Steps[0].Call.(vastapi.CreateInstance)
	if call.Volume == nil || call.Volume.Link != 881 || call.Volume.Path != "/models" || call.Volume.Offer != 0 {
		t.Errorf("the request has %+v", call.Volume)
	}
}

func TestLinkThatWasTakenAwayStaysAway(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	machine := three()[0].MachineID
	s.volumes(vastapi.Volume{ID: 881, MachineID: machine, Size: 50})
	s.settle(s.granted(s.m.Update(s.env(), view.Focused{On: view.RentWith{Volume: 881, Machine: machine, Mount: "/data"}})), 5)
	f := s.rentForm()
	v := filled(f)
	v[fVolume] = noVolume
	f.Closed(s.env(), v)
	if volume, _ := fieldOf(s.rentForm(), fVolume); volume.Value != noVolume {
		t.Errorf("the form links %q again", volume.Value)
	}
}

func TestNoFormLinksAVolumeThatCannotBe(t *testing.T) {
	t.Parallel()
	machine := three()[0].MachineID
	for name, list := range map[string][]vastapi.Volume{
		"gone": nil, "held": {{ID: 881, MachineID: machine, Size: 50, Instances: []vastapi.InstanceID{5}}}, "elsewhere": {{ID: 881, MachineID: machine + 1, Size: 50}},
	} {
		s := newStage(t, usual, three()...).load()
		s.volumes(list...)
		s.settle(s.granted(s.m.Update(s.env(), view.Focused{On: view.RentWith{Volume: 881, Machine: machine, Mount: "/data"}})), 5)
		if volume, ok := fieldOf(s.rentForm(), fVolume); ok && volume.Value != noVolume {
			t.Errorf("%s: the form links %q", name, volume.Value)
		}
	}
	s := newStage(t, usual, three()...).load()
	s.volumes(vastapi.Volume{ID: 881, MachineID: machine, Size: 50})
	s.settle(s.granted(s.m.Update(s.env(), view.Focused{On: view.RentWith{Volume: 881, Machine: machine, Mount: "/data"}})), 5)
	s.settle(s.query("machine_id!="+machine.String()), 5)
	if volume, ok := fieldOf(s.rentForm(), fVolume); ok && volume.Value != noVolume {
		t.Errorf("on another machine the form links %q", volume.Value)
	}
}
