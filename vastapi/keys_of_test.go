package vastapi_test

import (
	"testing"

	"vastdeck/vastapi"
)

func TestKeysOfAnInstanceAreReadOutOfTheirText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		n    int
		bad  bool
	}{
		"a list inside a text": {`{"success":true,"ssh_keys":"[{\"id\":7,\"public_key\":\"ssh-ed25519 AAAA me\"},{\"id\":8,\"public_key\":\"ssh-rsa BBBB\"}]"}`, 2, false},
		"a list":               {`{"success":true,"ssh_keys":[{"id":7,"public_key":"ssh-ed25519 AAAA me"}]}`, 1, false},
		"an empty list":        {`{"success":true,"ssh_keys":"[]"}`, 0, false},
		"an empty text":        {`{"success":true,"ssh_keys":""}`, 0, false},
		"null":                 {`{"success":true,"ssh_keys":null}`, 0, false},
		"none":                 {`{"success":true}`, 0, true},
		"a text that is cut":   {`{"success":true,"ssh_keys":"[{\"id\":7,"}`, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, _ := answering(t, says(200, c.body))
			keys, err := api.InstanceSSHKeys(t.Context(), 5)
			if (err != nil) != c.bad || len(keys) != c.n {
				t.Fatalf("%+v, %v", keys, err)
			}
			if c.n > 0 && (keys[0].ID != 7 || keys[0].Type != "ssh-ed25519" || keys[0].Comment.String() != "me") {
				t.Errorf("%+v", keys[0])
			}
		})
	}
}

func TestTheSameKeyIsKnownWhateverItsComment(t *testing.T) {
	t.Parallel()
	if !vastapi.SameSSHKey("ssh-ed25519 AAAA me@a", " ssh-ed25519  AAAA me@b") || vastapi.SameSSHKey("ssh-ed25519 AAAA", "ssh-ed25519 BBBB") ||
		vastapi.SameSSHKey("", "") || vastapi.SameSSHKey("ssh-rsa", "ssh-rsa") || vastapi.SameSSHKey("ssh-rsa AAAA", "ssh-ed25519 AAAA") {
		t.Error("keys are taken for others")
	}
}
