package main

import (
	"context"

	manager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	"k8s.io/kubernetes/cmd/kube-controller-manager/app/options"
)

// All but what acts on machines and clouds: without a kubelet a node has no heartbeat, and its controllers would drain it.
const controllers = "*," +
	"-node-lifecycle-controller,-node-ipam-controller,-taint-eviction-controller,-device-taint-eviction-controller," +
	"-persistentvolume-attach-detach-controller"

func startControllers(files files) (part, error) {
	server, err := options.NewKubeControllerManagerOptions()
	if err != nil {
		return part{}, err
	}
	all, disabled, aliases := manager.KnownControllers(), manager.ControllersDisabledByDefault(), manager.ControllerAliases()
	if err := parse(server.Flags(all, disabled, aliases),
		"--kubeconfig="+files.controllersKubeconfig,
		"--leader-elect=false",
		"--secure-port=0",
		// Each controller under its own account and role, as in a real cluster.
		"--use-service-account-credentials=true",
		"--service-account-private-key-file="+files.serviceAccountKey,
		"--root-ca-file="+files.authority,
		"--controllers="+controllers,
		// Its modest defaults are for a shared cluster; here they would be waiting.
		"--kube-api-qps=1000",
		"--kube-api-burst=1000",
	); err != nil {
		return part{}, err
	}
	config, err := server.Config(context.Background(), all, disabled, aliases)
	if err != nil {
		return part{}, err
	}
	return startPart(func(ctx context.Context) error { return manager.Run(ctx, config.Complete()) }), nil
}
