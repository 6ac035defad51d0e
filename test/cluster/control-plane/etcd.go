package main

import (
	"errors"
	"net/url"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
)

type etcdServer struct {
	*embed.Etcd
	endpoint string
}

// startEtcd keeps the data in the directory and listens on sockets in it: they have no password, and a directory of mode
// 0700 is one. Nothing is synced to the disk, since nothing outlives the process.
func startEtcd(directory string) (etcdServer, error) {
	client := url.URL{Scheme: "unix", Path: in(directory, "etcd.sock")}
	peer := url.URL{Scheme: "unix", Path: in(directory, "etcd-peer.sock")}

	config := embed.NewConfig()
	config.Dir = in(directory, "etcd")
	config.UnsafeNoFsync = true
	config.LogLevel = "error"
	config.LogOutputs = []string{"stderr"}
	config.ListenClientUrls, config.AdvertiseClientUrls = []url.URL{client}, []url.URL{client}
	config.ListenPeerUrls, config.AdvertisePeerUrls = []url.URL{peer}, []url.URL{peer}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	// One member elects itself; there is nobody to wait for.
	config.TickMs, config.ElectionMs = 10, 100

	server, err := embed.StartEtcd(config)
	if err != nil {
		return etcdServer{}, err
	}
	select {
	case <-server.Server.ReadyNotify():
		return etcdServer{Etcd: server, endpoint: client.String()}, nil
	case <-time.After(startTimeout):
		server.Close()
		return etcdServer{}, errors.New("no leader in time")
	}
}
