package dev.wadi.web;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** The start page: where everything is. */
@Controller("/")
@ExecuteOn(TaskExecutors.IO)
final class HomeController {
    @Get
    HttpResponse<byte[]> home() {
        return Asset.page("/web/index.html");
    }
}
