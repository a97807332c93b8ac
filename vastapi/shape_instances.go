package vastapi

// instanceFields are read of an instance (API reference, show instances; recorded answers).
func instanceFields() []wireField {
	const now, reliability, country = "what is billed now is worked out from the other prices", "the reliability shows as –", "the country shows as –"
	return []wireField{
		{"id", someNumber, always, "no instance can be read: the list is empty although they run and cost", ""},
		{"machine_id", someNumber, always, "which machine an instance is on is not known", ""},
		{"host_id", someNumber, always, "which host an instance is from is not known", ""},
		{"label", aText, usual, "instances have no name, and what became of a rent cannot be found out by it", ""},
		{"actual_status", aText, usual, "every instance looks as if it were still being made", ""},
		{"intended_status", aText, always, "whether an instance was stopped on purpose is not known", ""},
		{"cur_state", aText, usual, "the state of the contract shows as –", ""},
		{"next_state", aText, usual, "what an instance changes to shows as –", ""},
		{"status_msg", aText, usual, "what the machine says about a start that fails is missing", ""},
		{"start_date", aTime, always, "ages show as –, and so does what was paid so far", ""},
		{"end_date", aTime, usual, "the end of contracts shows as –, and nothing warns of it", ""},
		{"is_bid", aTruth, always, "interruptible instances count as on demand", ""},
		{"image_uuid", aText, usual, "the image shows as –", ""},
		{"image_runtype", aText, usual, "how to get in (ssh, jupyter) is not known", ""},
		{"template_name", aText, sometimes, "the template shows as –", ""},
		{"template_hash_id", aText, sometimes, "the template is not taken over when an instance is rented again", ""},
		{"onstart", aText, sometimes, "the start script is not shown", ""},
		{"extra_env", somePairs, sometimes, "variables and ports that were asked for are not shown", ""},
		{"volume_info", someIDs, sometimes, "which volumes an instance has is known from the volumes alone", ""},

		{"gpu_name", aText, usual, "the GPU shows as –", ""},
		{"num_gpus", aNumber, always, "the number of GPUs shows as –", ""},
		{"gpu_ram", aNumber, usual, "the memory of a GPU shows as –", ""},
		{"gpu_util", aNumber, usual, "the use of the GPU shows as –, and idle ones are not noticed", ""},
		{"gpu_temp", aNumber, usual, "the temperature of the GPU shows as –", ""},
		{"vmem_usage", aNumber, usual, "the use of the GPU's memory shows as –", ""},
		{"cpu_util", aNumber, usual, "the use of the CPU shows as –", ""},
		{"cpu_cores_effective", aNumber, usual, "the cores show as –", ""},
		{"cpu_ram", aNumber, usual, "the main memory shows as –", ""},
		{"mem_usage", aNumber, usual, "the use of memory shows as –", ""},
		{"mem_limit", aNumber, usual, "the limit of memory shows as –", ""},
		{"disk_space", aNumber, always, "the size of the disk shows as –, and so does what it costs", ""},
		{"disk_usage", aNumber, usual, "the use of the disk shows as –, and full ones are not noticed", ""},
		{"inet_up", aNumber, usual, "the upload speed shows as –", ""},
		{"inet_down", aNumber, usual, "the download speed shows as –", ""},
		{"geolocation", aText, usual, "the place shows as –", ""},
		{"country_code", aText, sometimes, country, "geolocation"},
		{"verification", aText, usual, "whether the machine is verified is not known", ""},
		{"reliability", aNumber, sometimes, reliability, "reliability2"},
		{"reliability2", aNumber, usual, reliability, "reliability"},
		{"cuda_max_good", someNumber, usual, "the CUDA version shows as –", ""},
		{"driver_version", aText, usual, "the driver shows as –", ""},

		{"dph_total", someNumber, always, "prices show as –, and what is spent by the hour may be told too low", ""},
		{"dph_base", aNumber, always, "the price of the GPUs, and of a bid, shows as –", ""},
		{"min_bid", aNumber, usual, "the price to hold a bid shows as –, and nothing warns of being outbid", ""},
		{"instance", anObject, usual, now, ""},
		{"instance.totalHour", aNumber, usual, now, ""},
		{"search", anObject, usual, now, ""},
		{"search.totalHour", aNumber, usual, now, ""},
		{"storage_cost", aNumber, usual, "the price of disk shows as –", "storage_total_cost"},
		{"storage_total_cost", aNumber, usual, "the price of disk is worked out from its size", "storage_cost"},
		{"credit_balance", aNumber, sometimes, "what is left of money paid ahead shows as –", ""},
		{"credit_discount", aNumber, sometimes, "the discount shows as –", ""},
		{"credit_discount_max", aNumber, sometimes, "the best discount shows as –", ""},
		{"inet_up_cost", aNumber, usual, "the price of traffic sent shows as –, and costs leave it out", ""},
		{"inet_down_cost", aNumber, usual, "the price of traffic received shows as –, and costs leave it out", ""},

		{"ssh_host", aText, usual, "ssh through the proxy is not possible", ""},
		{"ssh_port", aNumber, usual, "ssh through the proxy is not possible", ""},
		{"public_ipaddr", aText, usual, "ssh and ports cannot be reached directly", ""},
		{"ports", somePorts, sometimes, "ssh and ports cannot be reached directly", ""},
		{"jupyter_token", aText, sometimes, "links to jupyter have no token", ""},
	}
}

// instanceKnown are fields of instances that are documented, or were seen, and not read.
const instanceKnown = `ask_contract_id bundle_id bw_nvlink client_run_time compute_cap cpu_arch cpu_cores cpu_ghz cpu_name
	direct_port_count direct_port_start direct_port_end disk_bw disk_name disk_util dlperf dlperf_per_dphtotal duration
	expected_reliability target_reliability has_sla sla_r_claim sla_sigma_x external flops_per_dphtotal
	geolocode gpu_arch gpu_frac gpu_lanes gpu_mem_bw gpu_totalram gpu_total_ram host_run_time hosting_type image_args
	instance.gpuCostPerHour instance.diskHour instance.discountTotalHour instance.discountedTotalPerHour instance.slaPremiumPerHour
	search.gpuCostPerHour search.diskHour search.discountTotalHour search.discountedTotalPerHour search.slaPremiumPerHour
	internet_up_cost_per_tb internet_down_cost_per_tb local_ipaddrs logo machine_dir_ssh_port mobo_name os_version pci_gen pcie_bw
	rentable score ssh_idx static_ip template_id time_remaining time_remaining_isbid total_flops uptime_mins vericode
	vram_costperhour webpage`
