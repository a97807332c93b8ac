package rental_test

import (
	"reflect"
	"testing"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

func TestARememberedFormIsASpec(t *testing.T) {
	t.Parallel()
	form := feed.RentSpec{
		At: time.Unix(1, 0), Image: "a/b:1", Disk: 40, Name: "train", Kind: vastapi.Interruptible, RunType: "jupyter", Direct: true,
		EnvNames: []string{"A"}, Ports: []string{"-p 80:80"}, GPU: "RTX 4090", NumGPUs: 2, Bid: 0.3, Machine: 5,
	}
	opt, missing := rental.Spec(form).Options()
	if len(missing) != 1 || opt.Image != form.Image || *opt.Bid != 0.3 || opt.Launch.Mode() != "jupyter" || !opt.Launch.Direct {
		t.Errorf("%+v, %v", opt, missing)
	}
	offer := vastapi.Offer{NumGPUs: 2, MachineID: 5}
	opt.Env["A"] = "1"
	back := feed.RentSpec(rental.SpecOf(opt, &offer, form.At))
	back.GPU = form.GPU
	if !reflect.DeepEqual(back, form) {
		t.Errorf("%+v, want %+v", back, form)
	}
}
