package vastapi_test

import (
	"fmt"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

func TestCopyRequestsAreThoseOfTheOfficialClient(t *testing.T) {
	t.Parallel()
	one := vastapi.CopyEnd{Instance: 11824, Path: "/data/test"}
	other := vastapi.CopyEnd{Volume: 1234, Path: "/workspace/"}
	for want, call := range map[string]vastapi.Call{
		`PUT /api/v0/commands/copy_direct/ {"client_id":"me","src_id":"C.11824","dst_id":"V.1234","src_path":"/data/test","dst_path":"/workspace/"}`: vastapi.CopyData{From: one, To: other},
		`DELETE /api/v0/commands/copy_direct/ {"client_id":"me","dst_id":"11824"}`:                                                                   vastapi.CancelCopy{To: one},
		`DELETE /api/v0/commands/copy_direct/ {"client_id":"me","dst_id":"V.1234"}`:                                                                  vastapi.CancelCopy{To: other},
	} {
		api, s := answering(t, says(200, `{"success":true,"msg":"Remote to Remote copy initiated"}`))
		res := api.Do(t.Context(), call)
		q := s.requests()[0]
		if got := fmt.Sprintf("%s %s %s", q.method, strings.TrimPrefix(q.url, vastapi.DefaultBaseURL), q.body); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if res.Outcome != vastapi.OutcomeConfirmed {
			t.Errorf("%+v", res)
		}
	}
}

func TestTheEndOfACopyIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]vastapi.CopyEnd{
		"C.5:/workspace/": {Instance: 5, Path: "/workspace/"}, "V.9:/a:b c": {Volume: 9, Path: "/a:b c"}, "C.5:": {Instance: 5},
		"": {}, "C.5": {}, "C.0:/a": {}, "C.-5:/a": {}, "C.05:/a": {}, "V.x:/a": {}, "S.3:/a": {}, "5:/a": {},
	} {
		got, ok := vastapi.ParseCopyEnd(text)
		if ok != (want != vastapi.CopyEnd{}) || ok && got != want {
			t.Errorf("%q is read as %+v, %t", text, got, ok)
		}
	}
}

func TestACopyThatWouldBreakItsTargetIsNotSent(t *testing.T) {
	t.Parallel()
	from := vastapi.CopyEnd{Instance: 1, Path: "/workspace"}
	for _, to := range []vastapi.CopyEnd{
		{Instance: 2, Path: "/"}, {Instance: 2, Path: "/root"}, {Instance: 2, Path: "/root/"}, {Instance: 2, Path: "/workspace/../root/."},
		{Instance: 2, Path: "/root/.ssh"}, {Instance: 2, Path: "workspace"}, {Instance: 2}, {Path: "/workspace"}, {Instance: 2, Volume: 3, Path: "/workspace"},
		{Instance: 2, Path: "/a\nb"}, {Instance: 2, Path: "/" + strings.Repeat("a", vastapi.MaxCopyPath)}, {Instance: 1, Path: "/workspace/"},
	} {
		api, s := answering(t)
		if res := api.Do(t.Context(), vastapi.CopyData{From: from, To: to}); res.Outcome != vastapi.OutcomeNotSent || s.count() != 0 {
			t.Errorf("a copy to %+v was sent", to)
		}
	}
	api, s := answering(t)
	if res := api.Do(t.Context(), vastapi.CancelCopy{}); res.Outcome != vastapi.OutcomeNotSent || s.count() != 0 {
		t.Error("the end of a copy into nothing was sent")
	}
}
