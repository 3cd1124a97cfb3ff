// What such systems do: the page comes empty, and this fetches its content.
document.addEventListener("DOMContentLoaded", async () => {
  const wrapper = document.getElementById("pageContentWrapper");
  const answer = await fetch(wrapper.dataset.source);
  wrapper.innerHTML = await answer.text();
});
