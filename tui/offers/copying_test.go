package offers

import (
	"strings"
	"testing"

	"vastdeck/tui/feed"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func TestTheCopyMenuOfAnOfferHasALetterForEachLine(t *testing.T) {
	t.Parallel()
	got := solo.Copies(t, func() (view.View, func() view.Env) {
		s := newStage(t, usual, three()...).load()
		s.data.Memory.RentForms = []feed.RentSpec{{Image: "my/image; reboot"}}
		return s.m, s.env
	})
	for letter, want := range map[string]string{
		"o": "1", "m": "1001", "h": "31", "r": "GPU 1× RTX 4090", "t": "offer\tmachine_id\tgpu\tdph\t", "J": "\"machine_id\": 1001", "f": "vastai search offers",
		"v": "vastai create instance 1 --image 'my/image; reboot' --disk 10 --ssh --direct --cancel-unavail",
		"c": `curl -X PUT https://console.vast.ai/api/v0/asks/1/ -H "Authorization: Bearer $VAST_API_KEY"`,
	} {
		if !strings.Contains(got[letter].Text, want) {
			t.Errorf("%s copies %q, want %q", letter, got[letter].Text, want)
		}
	}
}

func TestMarkedOffersAreCopiedTogether(t *testing.T) {
	t.Parallel()
	list := three()
	list[0].CPUName = safetext.New("a\x1b[2J\u202e\nb")
	got := solo.Copies(t, func() (view.View, func() view.Env) {
		s := newStage(t, usual, list...).load()
		s.press("*")
		return s.m, s.env
	})
	for letter, lines := range map[string]int{"o": 3, "m": 3, "h": 3, "v": 3, "c": 3, "r": 3, "t": 4, "f": 1} {
		if n := strings.Count(strings.TrimSpace(got[letter].Text), "\n") + 1; n != lines {
			t.Errorf("%s copies %d lines, want %d: %q", letter, n, lines, got[letter].Text)
		}
	}
	if !strings.HasPrefix(got["J"].Text, "[\n  {\n    \"id\": ") || !strings.Contains(got["o"].Shown, "3 lines") {
		t.Errorf("copied are %+v", got)
	}
}

func TestTheLineThatRentsIsABidWhereBidsAreShownAndNoneWhereThereAreTwoSteps(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	o := three()[0]
	o.MinBid = 0.2
	s.m.query.prices.kind = vastapi.Interruptible
	if step, why := s.m.rentStep(s.env(), &o); why != "" || !strings.Contains(step.Official(), "--bid_price 0.2") {
		t.Errorf("%q, %q", step.Official(), why)
	}
	o.MinBid = vastapi.Unknown[vastapi.Rate]()
	if _, why := s.m.rentStep(s.env(), &o); !strings.Contains(why, "takes no bids") {
		t.Errorf("without a price to hold: %q", why)
	}
	s.m.query.prices.kind = vastapi.Reserved
	if _, why := s.m.rentStep(s.env(), &o); !strings.Contains(why, "paid ahead") {
		t.Errorf("reserved: %q", why)
	}
}
