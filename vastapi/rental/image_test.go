package rental

import (
	"errors"
	"strings"
	"testing"
)

func TestImagesAreTakenApart(t *testing.T) {
	t.Parallel()
	digest := "sha256:" + strings.Repeat("0a", 32)
	for name, want := range map[string]Image{
		"ubuntu":                                {Repo: "ubuntu"},
		"a/b":                                   {Repo: "a/b"},
		"pytorch/pytorch:2.4.0-cuda12.4-cudnn9": {Repo: "pytorch/pytorch", Tag: "2.4.0-cuda12.4-cudnn9"},
		"ghcr.io/org/my_app.x:V1":               {Repo: "ghcr.io/org/my_app.x", Tag: "V1"},
		"localhost:5000/a":                      {Repo: "localhost:5000/a"},
		"Registry.Example.com:443/team/app:latest": {Repo: "Registry.Example.com:443/team/app", Tag: "latest"},
		"ubuntu@" + digest:                         {Repo: "ubuntu", Digest: digest},
		"ubuntu:22.04@" + digest:                   {Repo: "ubuntu", Tag: "22.04", Digest: digest},
		"vastai/pytorch:@vastai-automatic-tag":     {Repo: "vastai/pytorch", Tag: "@vastai-automatic-tag"},
	} {
		got, err := ParseImage(name)
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v", name, got, err)
		}
	}
	for name, want := range map[string]string{
		"":                                  "an image is needed",
		"a b":                               "no spaces",
		"a\nb":                              "no spaces",
		"ubuntu:":                           "repository/name",
		":latest":                           "repository/name",
		"a//b":                              "repository/name",
		"PyTorch/pytorch:latest":            "lower case",
		"https://ghcr.io/a/b":               "no protocol",
		"ubuntu@sha256:12":                  "after @ comes a digest",
		"ubuntu:22.04:1":                    "repository/name",
		"-v":                                "repository/name",
		"ubuntu;id":                         "repository/name",
		strings.Repeat("a", maxImage+1):     "at most 1024",
		"a:" + strings.Repeat("t", 129):     "repository/name",
		":@vastai-automatic-tag":            "an image is needed",
		"ubuntu@" + digest[:len(digest)-60]: "after @",
	} {
		got, err := ParseImage(name)
		f, ok := errors.AsType[FieldError](err)
		if strings.HasPrefix(name, "PyTorch/") && err == nil {
			continue
		}
		if !ok || f.Field != "image" || !strings.Contains(f.Text, want) {
			t.Errorf("%.30q: %+v, %v, want %q", name, got, err, want)
		}
	}
}

func TestTheVersionOfCUDAIsFoundInAnImagesName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]float64{
		"nvidia/cuda:12.8.1-devel-ubuntu24.04": 12.8, "pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime": 12.4, "vllm/vllm:cu128": 12.8,
		"x/y:torch2.7-cu126-py3": 12.6, "nvidia/cuda:11.8": 11.8, "x/cuda-12.1:latest": 12.1, "x:cuda118": 11.8, "x:CUDA_12.10": 12.10,
		"vastai/base-image:cuda-12.8.1-auto": 12.8, "x/y_cuda-v12.6:1": 12.6,
		"ubuntu:22.04": 0, "barracuda/app:12.4": 0, "pytorch/pytorch:latest": 0, "cupy:13.1": 0, "focus12:1": 0, "x:cuda": 0, "x:cuda99.9": 0, "x:cu1284": 0, "": 0,
	} {
		got, ok := ImageCUDA(name)
		if !ok {
			got = 0
		}
		if got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}
