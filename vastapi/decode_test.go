package vastapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
)

func search(t *testing.T, body string) vastapi.OfferPage {
	t.Helper()
	api, _ := answering(t, says(200, body))
	page, err := api.SearchOffers(t.Context(), vastapi.OfferSearch{})
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Abs(b) }

func TestARecordedOfferIsReadInItsUnits(t *testing.T) {
	t.Parallel()
	page := search(t, wire(t, "offers.json"))
	if len(page.Offers) != 3 || page.Bad != 0 || page.Rows != 3 || page.Asked != 1000 || page.Full() {
		t.Fatalf("%d offers, %+v", len(page.Offers), page.Bad)
	}
	o := page.Offers[0]
	for name, ok := range map[string]bool{
		"ids":      o.ID == 11684738 && o.MachineID == 22990 && o.HostID == 88001,
		"gpu":      o.GPUName.String() == "RTX 4090" && o.NumGPUs == 1 && o.GPURAM == 24564 && o.GPUTotalRAM == 24564 && o.GPUFrac == 0.25 && o.GPUArch.String() == "nvidia",
		"gpu more": o.GPUMemBW == 914.2 && o.GPUMaxPower == 450 && o.GPUMaxTemp == 90 && o.GPUDisplay.No() && o.NVLinkBW == 0 && o.ComputeCap == 890 && o.CUDA == 12.2,
		"score":    o.TotalFlops == 82.65 && o.DLPerf == 106.637 && o.DLPerfPerDph == 432.296 && o.FlopsPerDph == 335.05 && o.Score == 392.11,
		"cpu":      o.CPUCores == 96 && o.CPUCoresShare == 24 && o.CPURAM == 64393 && o.CPUGHz == 3.3 && near(o.CPURAMShare(), 64393.0/4) && o.HasAVX.Yes() && o.CPUArch.String() == "amd64",
		"disk":     o.DiskSpace == 1607.875 && o.DiskBW == 2545.294 && o.DiskName.String() == "Samsung SSD 990 PRO",
		"net":      o.InetUp == 743.1 && o.InetDown == 811.7 && o.InetUpCost == 0 && o.InetDownCost == 0.005 && o.DirectPorts == 249 && o.StaticIP.Yes() && o.PublicIP.String() == "192.0.2.17",
		"price":    o.DphBase == 0.24666667 && o.DphTotal == 0.24667593 && o.MinBid == 0.2 && o.StorageCost == 0.00133333 && o.StorageTotal == 9.259e-06 && !o.IsBid && o.DiscountedDphTotal == 0.24667593,
		"host":     o.Reliability == 0.9945 && o.Verified() && o.HostingType == 0 && !o.Datacenter() && o.Rentable.Yes() && o.Rented.No() && o.External == vastapi.FlagUnknown,
		"place":    o.Geolocation.String() == "Guangxi, CN" && o.Country == "CN",
		"software": o.Driver.String() == "535.183.01" && o.DriverVers == 535183001 && o.OSVersion.String() == "22.04" && o.VMsEnabled.No() && o.ClusterID == 0,
		"time":     o.Duration == time.Duration(13356528.57*1e9) && o.EndDate.Equal(time.Unix(1735707781, 0)),
		"volume":   o.VolumeAsk == 31234567 && o.VolumeGB == 800 && o.VolumeDph == 0.00011,
		"bus":      o.PCIGen == 4 && o.PCIeBW == 24.4 && o.Mobo.String() == "ROMED8-2T",
	} {
		if !ok {
			t.Errorf("%s: %+v", name, o)
		}
	}
	total := o.DphBase + o.StorageCost.Hourly(5)
	if math.Abs(float64(total-o.DphTotal)) > 1e-8 {
		t.Errorf("the units disagree: %v $/h from the parts, %v told", total, o.DphTotal)
	}
}

func TestNullsAreUnknownAndStringsForNumbersAreNumbers(t *testing.T) {
	t.Parallel()
	page := search(t, wire(t, "offers.json"))
	n := page.Offers[1]
	for name, ok := range map[string]bool{
		"string price": n.DphTotal == 0.98670372, "cores": math.IsNaN(n.CPUCores) && math.IsNaN(n.CPURAMShare()), "verification": n.Verification.Empty() && !n.Verified(),
		"place": n.Country == "" && n.Geolocation.String() == "Norway", "scores": math.IsNaN(n.DLPerf) && math.IsNaN(n.Score), "hosting": n.HostingType == -1,
		"ports": n.DirectPorts == -1, "external": n.External.No(), "over": n.Duration == 0, "volume": n.VolumeAsk == 0 && !vastapi.Known(n.VolumeDph),
		"total": n.GPUTotalRAM == 4*24564, "driver": n.DriverVers == 550054015,
	} {
		if !ok {
			t.Errorf("%s: %+v", name, n)
		}
	}
	s := page.Offers[2]
	if s.ID != 11690001 || s.NumGPUs != 8 || s.GPURAM != 81559 || s.HostID != 71234 || s.CUDA != 12.8 || !s.HasAVX.Yes() || !s.GPUDisplay.Yes() || !s.Datacenter() || !s.IsBid || s.Country != "US" {
		t.Errorf("%+v", s)
	}
}

func TestOddRowsAreCountedAndTheOthersStand(t *testing.T) {
	t.Parallel()
	page := search(t, wire(t, "offers_odd.json"))
	var got []vastapi.OfferID
	for _, o := range page.Offers {
		got = append(got, o.ID)
	}
	if !slices.Equal(got, []vastapi.OfferID{1, 2, 4, 5}) || page.Bad != 6 || page.Rows != 11 {
		t.Fatalf("offers %v, %d unreadable of %d", got, page.Bad, page.Rows)
	}
	a, b, c, d := page.Offers[0], page.Offers[1], page.Offers[2], page.Offers[3]
	if vastapi.Known(a.DphTotal) || !math.IsNaN(a.Score) || !math.IsNaN(a.DLPerf) || a.GPURAM != 24576 || !math.IsNaN(a.Reliability) {
		t.Errorf("numbers that are none: %+v", a)
	}
	if b.GPUName.String() != "RTX 3090" || b.DphTotal != 0.2 {
		t.Errorf("the last of two keys and the first of two rows: %+v", b)
	}
	if vastapi.Known(c.DphTotal) || vastapi.Known(c.MinBid) || vastapi.Known(c.StorageCost) || c.NumGPUs != 0 || c.Geolocation.String() != "7" || c.Country != "" {
		t.Errorf("absurd prices and wrong types are unknown: %+v", c)
	}
	if d.GPUName.String() != "RTX␛[2J 4090" || d.GPUName.Wire() != "RTX\x1b[2J 4090\n" || d.Geolocation.String() != "Paris\ufffd, FR" || d.Country != "FR" || d.CPUName.String() != "␀\ufffd31m" {
		t.Errorf("hostile text: %q %q %q", d.GPUName, d.Geolocation, d.CPUName)
	}
}

func TestOneBadRowInAThousandCostsOneRow(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{`null`, `7`, `"x"`, `[]`, `{}`, `{"id":"x"}`, `{"id":-1}`, `{"id":1.5}`, `{"id":1,,}`, `{"id":1 "a":2}`, `{id:1}`, `{"id":1,"a":nope}`, `{"id":1e400}`, `{"id":9007199254740993000}`} {
		var b strings.Builder
		b.WriteString(`{"offers":[`)
		for i := range 1000 {
			if i == 500 {
				b.WriteString(bad + ",")
				continue
			}
			fmt.Fprintf(&b, `{"id":%d,"dph_total":0.5}`, i+1)
			if i < 999 {
				b.WriteByte(',')
			}
		}
		b.WriteString(`]}`)
		if page := search(t, b.String()); len(page.Offers) != 999 || page.Bad != 1 {
			t.Errorf("%s: %d offers, %d unreadable", bad, len(page.Offers), page.Bad)
		}
	}
}

func TestNumbersAreReadAsTheStandardLibraryReadsThem(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"0", "-0", "1", "0.1", "0.24667593", "9.259e-06", "1E3", "1e-7", "123456789.987654321", "0.000000000000000000001", "9007199254740993", "1735707781.123456",
		"4.35", "0.3", "2.675", "1.7976931348623157e308", "5e-324", "123456789012345678901234567890", "0.1234567890123456789", "999999999999999.9",
	} {
		want := 0.0
		if err := json.Unmarshal([]byte(s), &want); err != nil {
			t.Fatal(err)
		}
		for _, body := range []string{`{"offers":[{"id":1,"score":` + s + `}]}`, `{"offers":[{"id":1,"score":" ` + s + ` "}]}`} {
			if got := search(t, body).Offers[0].Score; got != want {
				t.Errorf("%s became %v", body, got)
			}
		}
	}
}

func TestStringsAreReadAsTheStandardLibraryReadsThem(t *testing.T) {
	t.Parallel()
	for _, s := range []string{`""`, `"a"`, `"\n\t\r\b\f\"\\\/"`, `"\u00e9\u4e2d"`, `"\ud83d\ude00"`, `"\ud83d"`, `"\ud83dx"`, `"\ud83d\u0041"`, `"\ude00"`, `"é中😀"`, `"a\u0000b"`} {
		want := ""
		if err := json.Unmarshal([]byte(s), &want); err != nil {
			t.Fatal(err)
		}
		if got := search(t, `{"offers":[{"id":1,"gpu_name":`+s+`}]}`).Offers[0].GPUName.Wire(); got != want {
			t.Errorf("%s became %q, want %q", s, got, want)
		}
	}
}

func TestASearchSendsWhatPricesDependOn(t *testing.T) {
	t.Parallel()
	api, s := answering(t, says(200, `{"offers":[]}`))
	page, err := api.SearchOffers(t.Context(), vastapi.OfferSearch{})
	if err != nil || page.Asked != 1000 {
		t.Fatal(page, err)
	}
	_, err = api.SearchOffers(t.Context(), vastapi.OfferSearch{
		Filter: vastapi.Filter{"gpu_name": {"eq": "RTX 4090"}, "num_gpus": {"gte": 2, "lte": 8}}, Order: [][2]string{{"dph_total", "asc"}},
		Type: vastapi.Interruptible, Storage: 32.5, Limit: 64,
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		`{"allocated_storage":10,"limit":1000,"order":[["score","desc"]],"type":"on-demand"}`,
		`{"allocated_storage":32.5,"gpu_name":{"eq":"RTX 4090"},"limit":64,"num_gpus":{"gte":2,"lte":8},"order":[["dph_total","asc"]],"type":"bid"}`,
	} {
		q := s.requests()[i]
		if q.body != want || q.method != http.MethodPost || q.url != vastapi.DefaultBaseURL+"/api/v0/bundles/" {
			t.Errorf("%s %s %s", q.method, q.url, q.body)
		}
	}
	for _, q := range []vastapi.OfferSearch{
		{Filter: vastapi.Filter{"limit": {"eq": 1}}}, {Storage: vastapi.Unknown[vastapi.GB]()}, {Limit: -1},
		{Filter: vastapi.Filter{"score": {"gt": math.Inf(1)}}}, {Filter: vastapi.Filter{"x": {"eq": func() {}}}},
	} {
		if _, err := api.SearchOffers(t.Context(), q); vastapi.KindOf(err) != vastapi.KindRejected {
			t.Errorf("%+v: %v", q, err)
		}
	}
	if s.count() != 2 {
		t.Errorf("%d requests", s.count())
	}
}

func TestAFullPageSaysThatMoreMayExist(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]bool{0: false, 1: false, 10: true, 63: false, 64: true, 65: false} {
		var rows []string
		for i := range n {
			rows = append(rows, fmt.Sprintf(`{"id":%d}`, i/2+1)) // every second row is given twice
		}
		api, _ := answering(t, says(200, `{"offers":[`+strings.Join(rows, ",")+`]}`))
		limit := 100
		if n == 10 {
			limit = 10
		}
		page, err := api.SearchOffers(t.Context(), vastapi.OfferSearch{Limit: limit})
		if err != nil || page.Full() != want || len(page.Offers) != (n+1)/2 {
			t.Errorf("%d rows of %d: full %v, %v", n, limit, page.Full(), err)
		}
	}
}

func TestAllPagesOfTheInstancesAreWalked(t *testing.T) {
	t.Parallel()
	api, s := answering(t, says(200, wire(t, "instances_page1.json")), says(200, wire(t, "instances_page2.json")))
	page, err := api.Instances(t.Context())
	if err != nil || len(page.Instances) != 3 || page.Total != 3 || page.Bad != 0 {
		t.Fatalf("%d instances, %+v, %v", len(page.Instances), page.Total, err)
	}
	for i, token := range []string{"", "eyJ2YWx1ZXMiOiB7ImlkIjogMTg4MjAzNzd9fQ=="} {
		u, _ := url.Parse(s.requests()[i].url)
		q := u.Query()
		if u.Path != "/api/v1/instances/" || q.Get("after_token") != token || q.Get("limit") != "25" || q.Get("select_filters") != "{}" || q.Get("order_by") != `[{"col": "id", "dir": "asc"}]` {
			t.Errorf("%s", u)
		}
	}
	a, b, c := page.Instances[0], page.Instances[1], page.Instances[2]
	for name, ok := range map[string]bool{
		"ids":     a.ID == 18820341 && a.MachineID == 22990 && a.HostID == 88001,
		"state":   a.Actual.String() == "running" && a.Intended.String() == "running" && a.Cur.String() == "running" && a.Next.String() == "running" && a.Label.Wire() == "worker-a vx-abcdefghjkmn",
		"status":  a.Status.String() == "success, running pytorch/pytorch_2.4.0/ssh",
		"load":    a.GPUUtil == 72 && a.GPUTemp == 61 && a.CPUUtil == 0.12 && a.MemUsed == 15.7 && a.MemLimit == 128 && a.CPUCores == 48,
		"money":   a.DphTotal == 0.71 && a.DphBase == 0.7 && a.BilledNow == 0.71 && a.IfRunning == 0.71 && a.MinBid == 0.4 && !a.Bid && a.StorageCost == 0.09,
		"disk":    a.Disk == 80 && a.DiskUsed == 31.4,
		"access":  a.SSHHost.String() == "ssh6.vast.ai" && a.SSHPort == 10341 && a.PublicIP.String() == "192.0.2.17",
		"ports":   slices.Equal(a.Ports, []vastapi.PortMap{{Container: "22/tcp", Host: 30022}, {Container: "8080/tcp", Host: 30080}}),
		"env":     len(a.Env) == 2 && a.Env[0][0].String() == "-p 8080:8080" && a.Env[1][0].String() == "TZ" && a.Env[1][1].String() == "UTC",
		"image":   a.Image.String() == "pytorch/pytorch:2.4.0" && a.RunType.String() == "ssh ssh_direc ssh_proxy",
		"dates":   a.Start.Equal(time.Unix(1735000000, 250e6)) && a.End.Equal(time.Unix(1767225600, 0)),
		"place":   a.Country == "CN" && c.Country == "DE",
		"volumes": slices.Equal(a.Volumes, []vastapi.VolumeID{881}) && len(b.Volumes) == 0,
		"stopped": b.Bid && b.BilledNow == 0.01 && !vastapi.Known(b.DiskUsed) && math.IsNaN(b.GPUUtil) && b.Label.Empty() && len(b.Ports) == 0 && len(b.Env) == 0,
		"new":     c.Actual.Empty() && len(c.Env) == 1 && c.Label.String() == "eval",
	} {
		if !ok {
			t.Errorf("%s is misread", name)
		}
	}
	if port, ok := a.DirectSSH(); !ok || port != 30022 {
		t.Errorf("direct ssh on %d, %v", port, ok)
	}
	if text := fmt.Sprintf("%+v", page); strings.Contains(text, "0f1e2d3c4b5a") {
		t.Error("the jupyter token is printed")
	}
}

func TestATokenThatIsNoLongerGoodRestartsTheWalkOnce(t *testing.T) {
	t.Parallel()
	bad := says(400, `{"error":"invalid_token","msg":"bad token"}`)
	first, second := says(200, wire(t, "instances_page1.json")), says(200, wire(t, "instances_page2.json"))
	api, s := answering(t, first, bad, first, second)
	if page, err := api.Instances(t.Context()); err != nil || len(page.Instances) != 3 || s.count() != 4 {
		t.Errorf("%d instances, %v after %d requests", len(page.Instances), err, s.count())
	}
	api, s = answering(t, first, bad, first, bad)
	if _, err := api.Instances(t.Context()); !vastapi.IsCode(err, "invalid_token") || s.count() != 4 {
		t.Errorf("%v after %d requests", err, s.count())
	}
	api, s = answering(t, first)
	if _, err := api.Instances(t.Context()); vastapi.KindOf(err) != vastapi.KindServer || s.count() > 3 {
		t.Errorf("a list without an end: %v after %d requests", err, s.count())
	}
}

func TestInstancesAreFoundByTheirFullLabels(t *testing.T) {
	t.Parallel()
	labels := make([]string, 45)
	for i := range labels {
		labels[i] = fmt.Sprintf("worker-%d vx-\"é", i)
	}
	api, s := answering(t, says(200, `{"success":true,"instances":[{"id":3,"label":"x"}],"next_token":null}`))
	page, err := api.InstancesByLabel(t.Context(), labels)
	if err != nil || s.count() != 3 || len(page.Instances) != 3 {
		t.Fatalf("%+v, %v after %d requests", page, err, s.count())
	}
	var sent []string
	for _, q := range s.requests() {
		u, _ := url.Parse(q.url)
		var filter struct{ Label struct{ In []string } }
		if err := json.Unmarshal([]byte(u.Query().Get("select_filters")), &filter); err != nil {
			t.Fatal(err)
		}
		sent = append(sent, filter.Label.In...)
	}
	if !slices.Equal(sent, labels) {
		t.Errorf("asked for %q", sent)
	}
	if page, err := api.InstancesByLabel(t.Context(), nil); err != nil || len(page.Instances) != 0 || s.count() != 3 {
		t.Errorf("no labels: %+v, %v", page, err)
	}
}

func TestAnInstanceIsGoneOnlyWhenTheServerSaysSo(t *testing.T) {
	t.Parallel()
	cases := []struct {
		status int
		body   string
		gone   bool
		kind   vastapi.Kind
	}{
		{200, wire(t, "instance_gone.json"), true, ""},
		{404, `{"success":false,"error":"no_such_instance","msg":"no"}`, true, ""},
		{200, `{"instances":[]}`, true, ""},
		{200, wire(t, "instance.json"), false, ""},
		{200, `{"instances":[{"id":18820341}]}`, false, ""},
		{200, `{}`, false, vastapi.KindServer},
		{200, `{"instances":{}}`, false, vastapi.KindServer},
		{200, `{"instances":false}`, false, vastapi.KindServer},
		{200, `{"instances":{"id":5}}`, false, vastapi.KindServer},
		{404, `<html>404</html>`, false, vastapi.KindServer},
		{404, `{"success":false,"error":"auth_error","msg":"Invalid user key"}`, false, vastapi.KindAuth},
		{403, `{"success":false,"error":"not_authorized"}`, false, vastapi.KindRights},
	}
	for _, c := range cases {
		api, s := answering(t, says(c.status, c.body))
		i, err := api.Instance(t.Context(), 18820341)
		if vastapi.KindOf(err) != c.kind || (err == nil) != (c.kind == "") || (i == nil) != (c.gone || c.kind != "") {
			t.Errorf("%d %.60s: %v, %v", c.status, c.body, i != nil, err)
		}
		if q := s.requests()[0]; q.url != vastapi.DefaultBaseURL+"/api/v0/instances/18820341/?owner=me" {
			t.Errorf("%s", q.url)
		}
	}
}

func TestOddPortsVariablesAndVolumesAreNone(t *testing.T) {
	t.Parallel()
	for _, odd := range []string{`null`, `[]`, `{}`, `[8080,22]`, `"x"`, `7`, `{"22/tcp":null}`, `{"22/tcp":[{"HostPort":"x"}]}`, `{"22/tcp":{}}`, `[[1]]`, `[null,[],["a","b","c"]]`, `{"-1/tcp":[{"HostPort":"1"}]}`} {
		api, _ := answering(t, says(200, `{"instances":{"id":3,"ports":`+odd+`,"volume_info":`+odd+`,"search":`+odd+`,"instance":`+odd+`}}`))
		i, err := api.Instance(t.Context(), 3)
		if err != nil || len(i.Ports) != 0 || vastapi.Known(i.BilledNow) {
			t.Errorf("%s: %+v, %v", odd, i, err)
		}
	}
	api, _ := answering(t, says(200, `{"instances":{"id":3,"extra_env":["A=b=c","x",["K","v"]]}}`))
	i, err := api.Instance(t.Context(), 3)
	if err != nil || len(i.Env) != 2 || i.Env[0][1].String() != "b=c" || i.Env[1][0].String() != "K" {
		t.Errorf("%+v, %v", i, err)
	}
}

func TestVolumesAreRead(t *testing.T) {
	t.Parallel()
	api, s := answering(t, says(200, wire(t, "volumes.json")))
	list, err := api.Volumes(t.Context())
	if err != nil || len(list.Volumes) != 2 || list.Bad != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	a, b := list.Volumes[0], list.Volumes[1]
	if a.ID != 881 || a.Name.String() != "cache" || a.Size != 50 || a.Hourly != 0.00694444 || !slices.Equal(a.Instances, []vastapi.InstanceID{18820341}) || a.MachineID != 22990 {
		t.Errorf("%+v", a)
	}
	if b.ID != 882 || b.Size != 20 || !near(float64(b.Hourly), 0.09*20/720) || !slices.Equal(b.Instances, []vastapi.InstanceID{5, 6}) || !b.Start.IsZero() {
		t.Errorf("%+v", b)
	}
	if q := s.requests()[0]; q.url != vastapi.DefaultBaseURL+"/api/v0/volumes/?owner=me&type=all_volume" {
		t.Errorf("%s", q.url)
	}
}

func TestTheUserIsReadWithoutSecrets(t *testing.T) {
	t.Parallel()
	api, _ := answering(t, says(200, wire(t, "user.json")))
	u, err := api.User(t.Context())
	if err != nil || u.ID != 4711 || u.Credit != 41.2 || u.Balance != 0 || !u.SSHKey || u.Email.String() != "ann@example.org" || u.Spendable() != 41.2 {
		t.Fatalf("%+v, %v", u, err)
	}
	if text := fmt.Sprintf("%+v %#v", u, u); strings.Contains(text, "5ecre7") || strings.Contains(text, "s3ss10n") {
		t.Error("a secret is kept")
	}
	for body, want := range map[string]vastapi.Amount{`{"id":1,"credit":null,"balance":3}`: 3, `{"id":1,"credit":-0.5,"balance":3}`: -0.5, `{"id":1,"credit":"7.25"}`: 7.25} {
		api, _ := answering(t, says(200, body))
		if u, err := api.User(t.Context()); err != nil || u.Spendable() != want {
			t.Errorf("%s: %v, %v", body, u.Spendable(), err)
		}
	}
	for _, body := range []string{`{"credit":5}`, `{"id":null}`, `{"id":"x"}`} {
		api, _ := answering(t, says(200, body))
		if u, err := api.User(context.Background()); err == nil {
			t.Errorf("%s: %+v", body, u)
		}
	}
}
