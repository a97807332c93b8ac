package vastapi_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
)

func TestGPUNamesAreReadAsTheMarketSpellsThem(t *testing.T) {
	t.Parallel()
	api, s := answering(t, says(200, `{"gpu_names":["RTX 4090","H100 SXM","RTX 4090",7,null,"","A\u001b[2J"]}`))
	names, err := api.GPUNames(t.Context())
	if err != nil || len(names) != 3 || names[0].String() != "RTX 4090" || names[1].String() != "H100 SXM" || names[2].String() != "A␛[2J" {
		t.Errorf("%v, %v", names, err)
	}
	if got := s.requests()[0].url; !strings.HasSuffix(got, "/api/v0/gpu_names/unique/") {
		t.Error(got)
	}
}

func TestReportsAboutAMachineAreCountedAndTheLatestComesFirst(t *testing.T) {
	t.Parallel()
	body := `[{"problem":"Slow network","message":"slow","created_at":1700000000},{"problem":"GPU error","message":"fell\noff \u001b]0;x\u0007","created_at":"2024-05-06T07:08:09Z"},
		{"problem":"Slow network","message":"slow","created_at":1710000000.5},{"problem":"Slow network","message":"slow"},7,{"problem":null}]`
	for _, text := range []string{body, `{"reports":` + body + `}`} {
		api, s := answering(t, says(200, text))
		got, err := api.MachineReports(t.Context(), 22990)
		if err != nil || len(got) != 3 {
			t.Fatalf("%v, %v", got, err)
		}
		if r := got[0]; r.Problem.String() != "GPU error" || r.Message.String() != "fell␊off ␛]0;x␇" || r.Count != 1 || !r.At.Equal(time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)) {
			t.Errorf("%+v", r)
		}
		if r := got[1]; r.Count != 3 || r.At.Unix() != 1710000000 || r.First.Unix() != 1700000000 {
			t.Errorf("%+v", r)
		}
		if r := got[2]; !r.At.IsZero() || !r.Problem.Empty() {
			t.Errorf("%+v", r)
		}
		if got := s.requests()[0].url; !strings.HasSuffix(got, "/api/v0/machines/22990/reports/") {
			t.Error(got)
		}
	}
	api, _ := answering(t, says(200, `[]`))
	if got, err := api.MachineReports(t.Context(), 1); err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestKeysAreReadUnderEveryNameTheyHaveHad(t *testing.T) {
	t.Parallel()
	body := `[{"id":5,"public_key":"ssh-ed25519 AAAAC3 me@host at home","created_at":"2025-01-02T03:04:05.678Z","deleted_at":null},{"id":"6","key":"no key at all","created_at":1700000000},
		{"id":7,"ssh_key":"ssh-rsa AAAA","deleted_at":"2025-01-01"},{"id":8,"ssh_key":"sk-ssh-ed25519@openssh.com AAAA \u001b[2J","key":"x"},{"key":"ssh-rsa A"}]`
	for _, text := range []string{body, `{"success":true,"ssh_keys":` + body + `}`} {
		api, _ := answering(t, says(200, text))
		keys, err := api.SSHKeys(t.Context())
		if err != nil || len(keys) != 3 {
			t.Fatalf("%v, %v", keys, err)
		}
		if k := keys[0]; k.ID != 5 || k.Type != "ssh-ed25519" || k.Comment.String() != "me@host at home" || k.Created.UnixMilli() != 1735787045678 {
			t.Errorf("%+v", k)
		}
		if k := keys[1]; k.ID != 6 || k.Type != "" || k.Public.String() != "no key at all" || k.Created.Unix() != 1700000000 {
			t.Errorf("%+v", k)
		}
		if k := keys[2]; k.Type != "sk-ssh-ed25519@openssh.com" || k.Comment.String() != "␛[2J" {
			t.Errorf("%+v", k)
		}
	}
}

func TestAnAccountWithoutKeysIsNoFailureButABadKeyIs(t *testing.T) {
	t.Parallel()
	api, s := answering(t, says(404, `{"success":false,"error":"no_ssh_key","msg":"No SSH keys found."}`))
	if keys, err := api.SSHKeys(t.Context()); err != nil || keys == nil || len(keys) != 0 || s.count() != 1 {
		t.Errorf("%v, %v", keys, err)
	}
	for body, kind := range map[string]vastapi.Kind{
		`{"success":false,"error":"auth_error","msg":"Invalid user key"}`: vastapi.KindAuth,
		`<html>not found</html>`: vastapi.KindServer,
	} {
		api, _ := answering(t, says(404, body))
		if keys, err := api.SSHKeys(t.Context()); vastapi.KindOf(err) != kind {
			t.Errorf("%s: %v, %v", body, keys, err)
		}
	}
}

func TestTemplatesAreReadAndTheMostUsedComesFirst(t *testing.T) {
	t.Parallel()
	api, s := answering(t, says(200, wire(t, "templates.json")))
	list, err := api.Templates(t.Context(), vastapi.TemplateQuery{})
	if err != nil || len(list) != 3 {
		t.Fatalf("%v, %v", list, err)
	}
	p := list[0]
	for name, ok := range map[string]bool{
		"who":   p.ID == 62000 && p.Hash == "4e17788f74f075dd9aab7d0d4427968f" && p.Name.String() == "PyTorch (Vast)" && p.Creator == 1 && p.Count == 148213,
		"image": p.Ref().String() == "vastai/pytorch:cuda-12.4.1-auto" && p.Repo.String() == "vastai/pytorch",
		"run":   p.RunType.String() == "jupyter_direc ssh_direc ssh_proxy" && p.UseSSH.Yes() && p.SSHDirect.Yes() && p.JupDirect.Yes() && p.JupyterLab.Yes() && p.JupyterDir.Empty(),
		"env":   p.Flags() == "-p 1111:1111 -p 8080:8080 -e OPEN_BUTTON_PORT=1111 -e DATA_DIRECTORY=/workspace/" && p.OnStart.Lines(9, 999).At(1) == "echo ready",
		"rest":  p.Filters.String() == `{"cuda_max_good":{"gte":12.4}}` && p.Disk == 32 && p.Recommended.Yes() && p.Private.No() && p.Desc.String() == "Notebooks",
		"times": p.Created.Unix() == 1690000000 && p.Recent.Equal(time.Date(2025, 3, 4, 5, 6, 7, 0, time.UTC)),
	} {
		if !ok {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if d := list[1]; d.Ref().String() != "a/b@sha256:00" || !d.Recommended.Yes() {
		t.Errorf("%+v", d)
	}
	if r := list[2]; r.ID != 62311 || r.Hash != "" || r.Name.String() != "Registry␛[2J" || r.Ref().String() != "registry:5000/team/app:1.2" || r.Disk != 48.5 || r.Filters.String() != `{"gpu_ram":{"gte":24000}}` || r.Flags() != "" {
		t.Errorf("%+v", r)
	}
	if got := s.requests()[0].url; !strings.HasSuffix(got, "/api/v0/template/?select_cols=%5B%22%2A%22%5D&select_filters=%7B%7D") {
		t.Error(got)
	}
}

func TestTemplatesAreSearchedHereAndFilteredTwice(t *testing.T) {
	t.Parallel()
	for want, q := range map[string]vastapi.TemplateQuery{
		"62000":       {Text: "pytorch NOTE"},
		"62622":       {Text: "sha256"},
		"62000 62622": {Recommended: true},
		"62311":       {Creator: 77},
		"":            {Text: "pytorch missing"},
		"62000 ":      {Hash: "4e17788f74f075dd9aab7d0d4427968f"},
	} {
		api, s := answering(t, says(200, wire(t, "templates.json")))
		list, err := api.Templates(t.Context(), q)
		var ids []string
		for _, x := range list {
			ids = append(ids, vastapi.OfferID(x.ID).String())
		}
		if err != nil || strings.Join(ids, " ") != strings.TrimSpace(want) {
			t.Errorf("%+v: %v, %v", q, ids, err)
		}
		if (q.Recommended || q.Creator != 0 || q.Hash != "") == strings.HasSuffix(s.requests()[0].url, "=%7B%7D") {
			t.Errorf("%+v asked for %s", q, s.requests()[0].url)
		}
	}
}

func TestAnOfferIsShownAsTheServerGivesIt(t *testing.T) {
	t.Parallel()
	body := `{"offers":[{"id":8},{"id":7,"gpu_name":"RTX\u001b]0;x\u0007 4090","score":NaN,"search":{"totalHour":0.5},"gpu_ids":[1,2],"price":0.50,"a\u001bb":null}]}`
	api, s := answering(t, says(200, body))
	lines, err := api.OfferRaw(t.Context(), 7, vastapi.Interruptible, 32)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, line := range lines.All() {
		got = append(got, line)
	}
	want := []string{
		`{`, `  "id": 7,`, `  "gpu_name": "RTX\u001b]0;x\u0007 4090",`, `  "score": NaN,`, `  "search": {`, `    "totalHour": 0.5`, `  },`,
		`  "gpu_ids": [`, `    1,`, `    2`, `  ],`, `  "price": 0.50,`, `  "a␛b": null`, `}`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	if q := s.requests()[0].body; !strings.Contains(q, `"ask_contract_id":{"eq":7}`) || !strings.Contains(q, `"type":"bid"`) || !strings.Contains(q, `"allocated_storage":32`) {
		t.Error(q)
	}
}

func TestAnOfferThatIsNotListedAnyMoreIsGone(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"offers":[]}`, `{"offers":[{"id":8}]}`} {
		api, _ := answering(t, says(200, body))
		lines, err := api.OfferRaw(t.Context(), 7, "", 0)
		if lines != nil || vastapi.KindOf(err) != vastapi.KindGone {
			t.Errorf("%s: %v, %v", body, lines, err)
		}
	}
	api, s := answering(t, says(200, `{"offers":[]}`))
	if _, err := api.OfferRaw(t.Context(), 7, "", -1); vastapi.KindOf(err) != vastapi.KindRejected || s.count() != 0 {
		t.Errorf("%v after %d requests", err, s.count())
	}
}

func TestListsThatAreNoneAreErrorsAndNeverEmpty(t *testing.T) {
	t.Parallel()
	for _, body := range []string{``, `null`, `{}`, `{"success":true}`, `{"success":false,"msg":"x"}`, `[{"id":1}`, `"x"`, `[] x`, `{"templates":null,"gpu_names":null,"reports":null,"ssh_keys":null,"offers":null}`} {
		for name, read := range map[string]func(context.Context, *vastapi.Client) error{
			"names":   func(ctx context.Context, c *vastapi.Client) error { _, err := c.GPUNames(ctx); return err },
			"reports": func(ctx context.Context, c *vastapi.Client) error { _, err := c.MachineReports(ctx, 1); return err },
			"keys":    func(ctx context.Context, c *vastapi.Client) error { _, err := c.SSHKeys(ctx); return err },
			"templates": func(ctx context.Context, c *vastapi.Client) error {
				_, err := c.Templates(ctx, vastapi.TemplateQuery{})
				return err
			},
			"raw": func(ctx context.Context, c *vastapi.Client) error { _, err := c.OfferRaw(ctx, 1, "", 0); return err },
		} {
			api, _ := answering(t, says(200, body))
			var e *vastapi.Error
			if err := read(t.Context(), api); !errors.As(err, &e) || e.Kind == vastapi.KindGone {
				t.Errorf("%s of %q: %v", name, body, err)
			}
		}
	}
}
