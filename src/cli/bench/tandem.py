"""The model "tandem" on SimPy, as its documentation would have it: a process for each request, and
resources for nginx, the workers and the database. Prints one line of JSON for each line on standard
input, which is a seed; CPU seconds are those of the run alone, without Python's start."""

import json
import random
import sys
import time

import simpy


def request(env, model, servers, draw, done):
    nginx, workers, database = servers
    arrived = env.now
    with nginx.request() as turn:
        yield turn
        yield env.timeout(draw(1 / model["nginxMs"]))
    if len(workers.queue) >= model["backlogMax"]:
        done["rejected"] += 1
        return
    with workers.request() as turn:
        yield turn
        yield env.timeout(draw(1 / model["beforeQueryMs"]))
        with database.request() as connection:
            yield connection
            yield env.timeout(draw(1 / model["databaseMs"]))
        yield env.timeout(draw(1 / model["afterQueryMs"]))
    done["times"].append(env.now - arrived)


def source(env, model, count, servers, draw, done):
    for _ in range(count):
        yield env.timeout(draw(model["arrivalsPerSecond"] / 1000))
        env.process(request(env, model, servers, draw, done))


def run(model, count, seed):
    draw = random.Random(seed).expovariate
    done = {"times": [], "rejected": 0}
    env = simpy.Environment()
    capacities = (model["nginxServers"], model["workers"], model["databaseConnections"])
    servers = [simpy.Resource(env, capacity=capacity) for capacity in capacities]
    start = time.process_time()
    env.process(source(env, model, count, servers, draw, done))
    env.run()
    seconds = time.process_time() - start
    # Five events a request, counted alike on every engine: its arrival and the ends of four services.
    events = 5 * len(done["times"]) + 2 * done["rejected"]
    mean = sum(done["times"]) / len(done["times"]) / 1000
    return {"events": events, "cpuSeconds": seconds, "meanSeconds": mean}


if __name__ == "__main__":
    parameters, requests = json.loads(sys.argv[1]), int(sys.argv[2])
    for line in sys.stdin:
        print(json.dumps(run(parameters, requests, int(line))), flush=True)
