package offerql

import (
	"testing"

	"vastdeck/vastapi"
)

func TestTermsThatCannotHoldTogetherAreNamed(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"dph<0.1 dph>0.5":                         "dph_total<0.1 and dph_total>0.5 cannot both hold",
		"num_gpus>=4 4090 num_gpus<=8 num_gpus<2": "num_gpus>=4, num_gpus<=8 and num_gpus<2 cannot all hold",
		"dph<0":                                 "dph_total<0 holds for no offer",
		"verified=true verified!=true":          "verified=true and verified!=true cannot both hold",
		"num_gpus in [1,2] num_gpus>4":          "num_gpus in [1,2] and num_gpus>4 cannot both hold",
		"gpu_name=RTX_4090 gpu_name!=RTX_4090":  "gpu_name=RTX_4090 and gpu_name!=RTX_4090 cannot both hold",
		"gpu_name=RTX_4090 gpu_name!~^rtx":      "gpu_name=RTX_4090 and gpu_name!~^rtx cannot both hold",
		"dph<0.5 dph>0.1 num_gpus in [1,2] -CN": "",
		"gpu_ram=24 gpu_ram<=24":                "",
		"score<0 4090 ~x":                       "",
		"":                                      "",
	} {
		q := mustParse(t, query)
		if got := q.Contradiction(); got != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
		if got := q.WithDefaults().Excluding([]vastapi.HostID{7}, nil).Contradiction(); got != want {
			t.Errorf("%q with the policy: %q, want %q", query, got, want)
		}
	}
}

func TestAnImpossibleQueryFindsNothing(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"dph<0.1 dph>0.5", "num_gpus in [1,2] num_gpus>4", "gpu_name=RTX_4090 gpu_name!~^rtx", "verified=true verified!=true"} {
		q := mustParse(t, query)
		if q.Contradiction() == "" {
			t.Errorf("%q: no contradiction is seen", query)
		}
		if n := found(q, marketOf(500)); n > 0 {
			t.Errorf("%q finds %d", query, n)
		}
	}
}
